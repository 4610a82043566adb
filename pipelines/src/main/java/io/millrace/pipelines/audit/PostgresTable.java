package io.millrace.pipelines.audit;

import io.millrace.pipelines.audit.PostgresRelations.Relation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rows of a table or view in PostgreSQL, which computes the checksums itself. */
final class PostgresTable implements TableRows {
  private static final int SAMPLED_ROWS = 20_000;
  private static final int SAMPLED_PER_PART = 40;

  private final Connection connection;
  private final Relation relation;
  private final String condition;
  private final List<PostgresKey> key;
  private final List<CanonicalText> values;
  private final String hash;

  /**
   * @param condition SQL that is true of the rows that count
   * @param key the columns that identify a row
   * @param values the other columns
   */
  PostgresTable(
      Connection connection,
      Relation relation,
      String condition,
      List<PostgresKey> key,
      List<CanonicalText> values,
      boolean isUtf8) {
    this.connection = connection;
    this.relation = relation;
    this.condition = condition;
    this.key = key;
    this.values = values;
    List<CanonicalText> all = new ArrayList<>();
    key.forEach(column -> all.add(new CanonicalText(column.text(), false)));
    all.addAll(values);
    this.hash = CanonicalRow.sqlHash(all, isUtf8);
  }

  @Override
  public long estimate() throws SQLException {
    return new PostgresRelations(connection).estimate(relation);
  }

  @Override
  public boolean findsRanges() {
    return key.stream().allMatch(PostgresKey::isBare);
  }

  @Override
  public List<RowKey> sampledBounds(int parts) throws SQLException {
    double percent =
        100.0 * Math.max(SAMPLED_ROWS, SAMPLED_PER_PART * parts) / Math.max(1, estimate());
    String sample =
        relation.sampled() && percent < 100
            ? String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.6f) REPEATABLE (1)", percent)
            : "";
    return bounds(new BoundSql().append(relation.quoted() + sample + " WHERE " + condition), parts);
  }

  @Override
  public List<RowKey> bounds(KeyRange range, int parts) throws SQLException {
    return bounds(from(List.of(range)), parts);
  }

  private List<RowKey> bounds(BoundSql from, int parts) throws SQLException {
    BoundSql sql =
        new BoundSql()
            .append("SELECT " + names(key.size()) + " FROM (SELECT " + keyTexts())
            .append(", row_number() OVER (ORDER BY " + list(PostgresKey::sort) + ") AS place")
            .append(", count(*) OVER () AS total FROM ")
            .append(from)
            .append(") AS numbered WHERE place > 1 AND (place - 1) % greatest(1, ceil(total / ")
            .bind(Integer.toString(parts), "numeric")
            .append(")::bigint) = 0 ORDER BY place");
    List<RowKey> bounds = new ArrayList<>();
    query(sql, row -> bounds.add(key(row)));
    return bounds;
  }

  @Override
  public List<Segment> segments(List<KeyRange> ranges) throws SQLException {
    Segment[] segments = new Segment[ranges.size()];
    Arrays.fill(segments, Segment.EMPTY);
    BoundSql sql = new BoundSql().append("SELECT range, count(*), sum(hash) FROM (SELECT ");
    appendNumber(ranges, 0, ranges.size() - 1, sql);
    sql.append(" AS range, " + hash + " AS hash FROM ").append(from(ranges));
    sql.append(") AS hashed GROUP BY range");
    query(
        sql,
        row ->
            segments[row.getInt(1)] = new Segment(row.getLong(2), integer(row.getBigDecimal(3))));
    return List.of(segments);
  }

  private static BigInteger integer(BigDecimal sum) {
    return sum == null ? BigInteger.ZERO : sum.toBigIntegerExact();
  }

  /** SQL of a range's index, searched by halves. */
  private void appendNumber(List<KeyRange> ranges, int first, int last, BoundSql sql) {
    if (first == last) {
      sql.append(Integer.toString(first));
      return;
    }
    int middle = (first + last + 1) / 2;
    sql.append("CASE WHEN ");
    appendComparison("<", ranges.get(middle).from(), sql);
    sql.append(" THEN ");
    appendNumber(ranges, first, middle - 1, sql);
    sql.append(" ELSE ");
    appendNumber(ranges, middle, last, sql);
    sql.append(" END");
  }

  private void appendComparison(String operator, RowKey bound, BoundSql sql) {
    sql.append("(" + list(PostgresKey::sort) + ") " + operator + " (");
    for (int i = 0; i < key.size(); i++) {
      sql.append(i == 0 ? "" : ", ").bind(bound.values().get(i), key.get(i).sortType());
    }
    sql.append(")");
  }

  @Override
  public Map<RowKey, Long> hashes(List<KeyRange> ranges) throws SQLException {
    BoundSql sql = new BoundSql().append("SELECT " + keyTexts() + ", " + hash + " FROM ");
    return hashes(sql.append(from(ranges)));
  }

  @Override
  public Map<RowKey, Long> hashes(Collection<RowKey> keys) throws SQLException {
    BoundSql sql = new BoundSql().append("SELECT " + keyTexts() + ", " + hash + " FROM ");
    Map<RowKey, Long> hashes = hashes(sql.append(from(keys)));
    // An equality that overlooks case finds others, too.
    hashes.keySet().retainAll(new HashSet<>(keys));
    return hashes;
  }

  private Map<RowKey, Long> hashes(BoundSql sql) throws SQLException {
    Map<RowKey, Long> hashes = new LinkedHashMap<>();
    // Rows that share a key count, too.
    query(
        sql,
        row ->
            hashes.merge(key(row), row.getLong(key.size() + 1), (some, other) -> some + other + 1));
    return hashes;
  }

  @Override
  public Map<RowKey, RowValues> values(Collection<RowKey> keys) throws SQLException {
    String texts = values.stream().map(value -> ", " + value.text()).collect(Collectors.joining());
    BoundSql sql = new BoundSql().append("SELECT " + keyTexts() + texts + " FROM ");
    Map<RowKey, RowValues> found = new HashMap<>();
    Set<RowKey> wanted = new HashSet<>(keys);
    query(
        sql.append(from(keys)),
        row -> {
          RowKey rowKey = key(row);
          if (wanted.contains(rowKey)) {
            found.merge(
                rowKey,
                new RowValues(texts(row, key.size(), values.size()), 1),
                (some, other) -> new RowValues(some.values(), some.copies() + 1));
          }
        });
    return found;
  }

  /** The table, and the condition for keys between the ranges' bounds. */
  private BoundSql from(List<KeyRange> ranges) {
    BoundSql sql = new BoundSql().append(relation.quoted() + " WHERE " + condition + " AND (");
    int first = 0;
    for (int i = 0; i < ranges.size(); i++) {
      boolean goesOn =
          i + 1 < ranges.size()
              && ranges.get(i).to() != null
              && ranges.get(i).to().equals(ranges.get(i + 1).from());
      if (!goesOn) {
        sql.append(first == 0 ? "(true" : " OR (true");
        if (ranges.get(first).from() != null) {
          sql.append(" AND ");
          appendComparison(">=", ranges.get(first).from(), sql);
        }
        if (ranges.get(i).to() != null) {
          sql.append(" AND ");
          appendComparison("<", ranges.get(i).to(), sql);
        }
        sql.append(")");
        first = i + 1;
      }
    }
    return sql.append(")");
  }

  /** The table, joined with keys. */
  private BoundSql from(Collection<RowKey> keys) {
    BoundSql sql = new BoundSql().append(relation.quoted() + " AS found JOIN unnest(");
    for (int i = 0; i < key.size(); i++) {
      int column = i;
      sql.append(i == 0 ? "" : ", ")
          .bindArray(
              keys.stream().map(each -> each.values().get(column)).toList(),
              key.get(i).lookupType());
    }
    sql.append(") AS wanted (" + names(key.size()) + ") ON true");
    for (int i = 0; i < key.size(); i++) {
      sql.append(" AND " + key.get(i).lookup() + " = wanted._k" + i);
    }
    return sql.append(" WHERE " + condition);
  }

  /** Names of columns that no table here has. */
  private static String names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("_k" + i);
    }
    return String.join(", ", names);
  }

  private String keyTexts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      texts.add(key.get(i).text() + " AS _k" + i);
    }
    return String.join(", ", texts);
  }

  private String list(Function<PostgresKey, String> part) {
    return key.stream().map(part).collect(Collectors.joining(", "));
  }

  private RowKey key(ResultSet row) throws SQLException {
    return new RowKey(texts(row, 0, key.size()));
  }

  private static List<String> texts(ResultSet row, int before, int count) throws SQLException {
    String[] texts = new String[count];
    for (int i = 0; i < count; i++) {
      texts[i] = row.getString(before + i + 1);
    }
    return Collections.unmodifiableList(Arrays.asList(texts));
  }

  /** Takes a row of an answer. */
  private interface RowTaker {
    void take(ResultSet row) throws SQLException;
  }

  private void query(BoundSql sql, RowTaker rows) throws SQLException {
    try (PreparedStatement statement = sql.prepare(connection);
        ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        rows.take(found);
      }
    }
  }
}
