package io.millrace.testdata.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableAuditTest {
  private static final List<String> COLUMNS = List.of("id", "name");

  @Test
  void equalRowsAreEqualNullsIncluded() throws Exception {
    TableAudit audit =
        compare(rows(row("1", "a"), row("2", null)), rows(row("1", "a"), row("2", null)));
    assertThat(audit.isEqual(), is(true));
    assertThat(audit.differences(), is(empty()));
    assertThat(audit.found(), is(2L));
  }

  @Test
  void tellsMissingUnexpectedAndDifferentRowsApart() throws Exception {
    TableAudit audit =
        compare(
            rows(row("1", "a"), row("2", "b"), row("3", null)),
            rows(row("1", "a"), row("3", ""), row("4", "d")));
    assertThat(audit.expected(), is(3L));
    assertThat(audit.found(), is(3L));
    assertThat(audit.different(), is(3L));
    assertThat(audit.unexpected(), is(1L));
    assertThat(
        audit.differences(),
        contains(
            "[2] is missing", "[3]: name should be null and is ''", "[4] should not be there"));
  }

  @Test
  void comparesKeysByTheirBytesAsTheDatabaseSortsThem() throws Exception {
    // In UTF-16 the second would come first.
    TableAudit audit =
        compare(rows(row("\uff5e", "a"), row("🚲", "b")), rows(row("\uff5e", "a"), row("🚲", "b")));
    assertThat(audit.isEqual(), is(true));
  }

  @Test
  void countsAllDifferencesAndShowsTheFirstTen() throws Exception {
    List<TextRow> many = new ArrayList<>();
    for (int i = 10; i < 40; i++) {
      many.add(row(Integer.toString(i), "a"));
    }
    TableAudit audit = compare(many, rows());
    assertThat(audit.different(), is(30L));
    assertThat(audit.differences(), hasSize(10));
  }

  private static TableAudit compare(List<TextRow> expected, List<TextRow> found) throws Exception {
    return TableAudit.compare("t", COLUMNS, new ListRows(expected), new ListRows(found));
  }

  private static List<TextRow> rows(TextRow... rows) {
    return List.of(rows);
  }

  private static TextRow row(String id, String name) {
    return new TextRow(List.of(id), Arrays.asList(id, name));
  }

  private static final class ListRows implements RowSource {
    private final Iterator<TextRow> rows;

    ListRows(List<TextRow> rows) {
      this.rows = rows.iterator();
    }

    @Override
    public TextRow next() {
      return rows.hasNext() ? rows.next() : null;
    }

    @Override
    public void close() {}
  }
}
