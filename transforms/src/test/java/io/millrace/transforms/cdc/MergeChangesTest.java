package io.millrace.transforms.cdc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.transforms.TestRunner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MergeChangesTest {

  static Stream<Arguments> runnersAndLayouts() {
    return Stream.of(TestRunner.values())
        .flatMap(
            runner -> Stream.of(StateLayout.values()).map(layout -> Arguments.of(runner, layout)));
  }

  @ParameterizedTest
  @MethodSource("runnersAndLayouts")
  void acceptedChangesMakeTheSameRowsAsAll(TestRunner runner, StateLayout layout) {
    List<ChangeEvent> all = shuffledChanges(3_000, 200);
    Pipeline pipeline = runner.pipeline();
    PCollection<ChangeEvent> accepted =
        pipeline
            .apply(Create.of(all).withCoder(ChangeEventCoder.of()))
            .apply(MergeChanges.latest().withBuckets(7).withStateLayout(layout))
            .accepted();
    Map<Key, List<Object>> expected = rows(all);
    PAssert.that(accepted)
        .satisfies(
            changes -> {
              assertThat(rows(changes), equalTo(expected));
              assertNothingTwice(changes);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void stateLastsFromBundleToBundle(TestRunner runner) {
    List<ChangeEvent> all = shuffledChanges(200, 20);
    TestStream.Builder<ChangeEvent> stream = TestStream.create(ChangeEventCoder.of());
    for (int i = 0; i < all.size(); i++) {
      stream = stream.addElements(all.get(i));
      if (i % 10 == 0) {
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(i));
      }
    }
    Pipeline pipeline = runner.pipeline();
    PCollection<ChangeEvent> accepted =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply(MergeChanges.latest().withBuckets(3))
            .accepted();
    Map<Key, List<Object>> expected = rows(all);
    PAssert.that(accepted)
        .satisfies(
            changes -> {
              assertThat(rows(changes), equalTo(expected));
              assertNothingTwice(changes);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void truncatesPassAndRowsOfAnyAgeAreLeftToTheSink() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<ChangeEvent> accepted =
        pipeline
            .apply(
                Create.of(Changes.truncate(5), Changes.upsert(1, 3), Changes.truncate(2))
                    .withCoder(ChangeEventCoder.of()))
            .apply(MergeChanges.latest())
            .accepted();
    PAssert.that(accepted)
        .containsInAnyOrder(Changes.truncate(5), Changes.upsert(1, 3), Changes.truncate(2));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void windowedInputIsRefused() {
    PCollection<ChangeEvent> windowed =
        TestRunner.DIRECT
            .pipeline()
            .apply(Create.empty(ChangeEventCoder.of()))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> windowed.apply(MergeChanges.latest()));
    assertThat(refused.getMessage(), containsString("global window"));
  }

  private static List<ChangeEvent> shuffledChanges(int count, int keys) {
    Random random = new Random(7);
    List<ChangeEvent> changes = new ArrayList<>();
    for (int position = 1; position <= count; position++) {
      int key = random.nextInt(keys);
      ChangeEvent change =
          switch (random.nextInt(8)) {
            case 0 -> Changes.delete(key, position);
            case 1 -> Changes.upsert(key, position, "a");
            case 2 -> Changes.upsert(key, position, "a", "c");
            default -> Changes.upsert(key, position);
          };
      changes.add(change);
      if (random.nextInt(10) == 0) {
        changes.add(change);
      }
    }
    Collections.shuffle(changes, random);
    return changes;
  }

  /** Each row as its newest operation and the position that supplies each column. */
  private static Map<Key, List<Object>> rows(Iterable<ChangeEvent> changes) {
    Map<Key, Map<String, ChangeEvent>> newest = new HashMap<>();
    for (ChangeEvent change : changes) {
      Map<String, ChangeEvent> row = newest.computeIfAbsent(change.key(), k -> new HashMap<>());
      row.merge("row", change, MergeChangesTest::newer);
      for (String column : Changes.COLUMNS) {
        if (change.operation() != Operation.DELETE && !change.unchanged().contains(column)) {
          row.merge(column, change, MergeChangesTest::newer);
        }
      }
    }
    Map<Key, List<Object>> rows = new HashMap<>();
    newest.forEach(
        (key, row) -> {
          List<Object> values = new ArrayList<>();
          values.add(row.get("row").operation());
          values.add(row.get("row").position());
          Changes.COLUMNS.forEach(
              column -> values.add(row.containsKey(column) ? row.get(column).position() : null));
          rows.put(key, values);
        });
    return rows;
  }

  private static ChangeEvent newer(ChangeEvent one, ChangeEvent other) {
    return one.position().isAfter(other.position()) ? one : other;
  }

  private static void assertNothingTwice(Iterable<ChangeEvent> changes) {
    Map<Object, ChangeEvent> once = new HashMap<>();
    changes.forEach(
        change ->
            assertThat(
                once.put(List.of(change.key(), change.position()), change),
                equalTo((Object) null)));
  }
}
