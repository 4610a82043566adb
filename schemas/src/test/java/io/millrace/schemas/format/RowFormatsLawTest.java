package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Lines;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever happens to a table, and in whatever order and how often its records arrive: the newest
 * change of each key, by position, is the table.
 */
class RowFormatsLawTest {

  @Property(tries = 2_000)
  void newestChangeOfEachKeyIsTheTable(@ForAll RowFormat format, @ForAll long seed) {
    Random random = new Random(seed);
    RowHistory history = RowHistory.random(random, format.truncates());
    List<RowFormat.Message> records = format.write(history, random);
    List<RowFormat.Message> arriving = new ArrayList<>(records);
    for (int i = random.nextInt(records.size() + 1); i > 0; i--) {
      arriving.add(records.get(random.nextInt(records.size())));
    }
    Collections.shuffle(arriving, random);
    assertThat(merged(format, arriving), equalTo(expected(history)));
  }

  private static Map<Key, String> expected(RowHistory history) {
    Map<Key, String> rows = new HashMap<>();
    history.rows().forEach((id, name) -> rows.put(Samples.keyOf(id), name));
    return rows;
  }

  /** The live rows, by their keys, as a merge by position leaves them. */
  private static Map<Key, String> merged(RowFormat format, List<RowFormat.Message> records) {
    Lines lines = new Lines(format.format(), Samples.THINGS);
    Map<Key, ChangeEvent> newest = new HashMap<>();
    Position truncated = Position.NONE;
    for (RowFormat.Message record : records) {
      for (ChangeEvent event : lines.readAt(record.place(), record.key(), record.value())) {
        if (event.operation() == Operation.TRUNCATE) {
          truncated = event.position().isAfter(truncated) ? event.position() : truncated;
        } else {
          newest.merge(event.key(), event, RowFormatsLawTest::newer);
        }
      }
    }
    Map<Key, String> rows = new HashMap<>();
    for (ChangeEvent event : newest.values()) {
      if (event.after() != null && event.position().isAfter(truncated)) {
        rows.put(event.key(), name(event.after().json()));
      }
    }
    return rows;
  }

  private static ChangeEvent newer(ChangeEvent one, ChangeEvent other) {
    return other.position().isAfter(one.position()) ? other : one;
  }

  private static String name(String row) {
    String after = row.substring(row.indexOf("\"name\":\"") + 8);
    return after.substring(0, after.indexOf('"'));
  }
}
