package io.millrace.transforms.cdc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.ChangeEventWriter;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class RowStatesTest {

  /**
   * Stands for the columns that the contract does not know: every row that is sent supplies them.
   */
  private static final String EXTRA = "_extra";

  /** What the merge should say, worked out from all changes ever seen of a row. */
  private static Outcome expected(ChangeEvent change, List<ChangeEvent> seen, Deletes deletes) {
    Position newest =
        seen.stream().map(ChangeEvent::position).max(Position::compareTo).orElse(Position.NONE);
    if (change.position().equals(newest)) {
      return Outcome.DUPLICATE;
    }
    if (change.position().isAfter(newest)) {
      return Outcome.ACCEPTED;
    }
    boolean wanted =
        Stream.concat(Changes.COLUMNS.stream(), Stream.of(EXTRA))
            .filter(column -> supplies(change, column, deletes))
            .anyMatch(
                column ->
                    seen.stream()
                        .filter(other -> supplies(other, column, deletes))
                        .noneMatch(other -> !change.position().isAfter(other.position())));
    return wanted ? Outcome.ACCEPTED : Outcome.SUPERSEDED;
  }

  private static boolean supplies(ChangeEvent change, String column, Deletes deletes) {
    return change.operation() == Operation.DELETE
        ? deletes == Deletes.HARD
        : !change.unchanged().contains(column);
  }

  @Property(tries = 300)
  void everyChangeIsJudgedAsIfAllBeforeItWereKnown(@ForAll long seed, @ForAll Deletes deletes)
      throws Exception {
    Random random = new Random(seed);
    Map<Integer, List<ChangeEvent>> seen = new HashMap<>();
    RowStates states = new RowStates();
    int keys = 1 + random.nextInt(40);
    for (int i = 0; i < 400; i++) {
      int key = random.nextInt(keys);
      ChangeEvent change = randomChange(random, key);
      List<ChangeEvent> before = seen.computeIfAbsent(key, k -> new ArrayList<>());
      Outcome expected = expected(change, before, deletes);
      assertThat(
          "seed " + seed + ": " + change + " after " + before,
          offer(states, change, deletes),
          is(expected));
      before.add(change);
      if (random.nextInt(50) == 0) {
        states = CoderUtils.clone(new RowStatesCoder(), states);
      }
    }
    assertThat(states.size(), is(seen.size()));
  }

  /** At one position there is one change; it comes again and again. */
  private static ChangeEvent randomChange(Random random, int key) {
    long position = random.nextInt(30);
    Random fixed = new Random(key * 1_000L + position);
    if (fixed.nextInt(5) == 0) {
      return Changes.delete(key, position);
    }
    String[] unchanged =
        Changes.COLUMNS.stream().filter(c -> fixed.nextInt(3) == 0).toArray(String[]::new);
    return Changes.upsert(key, position, unchanged);
  }

  private static Outcome offer(RowStates states, ChangeEvent change, Deletes deletes) {
    ChangeEventWriter writer = new ChangeEventWriter(64);
    writer.write(change);
    ChangeEventReader reader = new ChangeEventReader(writer.take());
    reader.next();
    return states.offer(reader, deletes);
  }

  /** State is restored with these bytes across upgrades: they must never change. */
  @Test
  void goldenBytes() throws Exception {
    RowStates states = new RowStates();
    offer(states, Changes.upsert(7, 300), Deletes.SOFT);
    offer(states, Changes.upsert(7, 301, "b"), Deletes.SOFT);
    offer(states, Changes.upsert(7, 301, "b"), Deletes.SOFT);
    offer(states, Changes.upsert(7, 299), Deletes.SOFT);
    String table = "7075626c69632e7468696e6773";
    String rows = "01" + "03000007" + "0d048082012d010162048082012c";
    String golden = "2302010d" + table + rows;
    String version1 = "2601010d" + table + "020101" + rows;
    RowStatesCoder coder = new RowStatesCoder();
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, states)), equalTo(golden));
    for (String bytes : List.of(golden, version1)) {
      RowStates restored = CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(bytes));
      assertThat(offer(restored, Changes.upsert(7, 301), Deletes.SOFT), is(Outcome.DUPLICATE));
      assertThat(
          offer(restored, Changes.upsert(7, 300, "b"), Deletes.SOFT), is(Outcome.SUPERSEDED));
    }
  }

  @Test
  void rowTakesSome40Bytes() throws Exception {
    RowStates states = new RowStates();
    int rows = 20_000;
    for (int i = 0; i < rows; i++) {
      offer(states, Changes.upsert(i, 1_000_000_000_000L + i), Deletes.SOFT);
    }
    assertThat(states.heapBytes() / rows, is(lessThan(48L)));
  }
}
