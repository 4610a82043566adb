package io.millrace.pipelines.replicate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalDebezium;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/snapshots.md says, with records as Debezium's connector for PostgreSQL writes them. */
@Timeout(180)
class DebeziumSnapshotsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String LAST = "the last";
  private static final String ADD_LAST = "INSERT INTO items VALUES (9999, '" + LAST + "', 0)";
  private static final String SIGNAL =
      """
      INSERT INTO signals VALUES ('1', 'execute-snapshot', '{"type": "incremental",
        "data-collections": ["public.items"], "additional-conditions":
        [{"data-collection": "public.items", "filter": "id BETWEEN 50 AND 149"}]}')
      """;

  private static LocalPostgres postgres;
  private static LocalKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("postgres");
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  /** A scene whose warehouse is empty; the source's tables are there, or are created. */
  private SnapshotScene scene(String name, Database source, String... tables) throws Exception {
    return new SnapshotScene(directory.resolve(name), source, postgres.database(name), tables);
  }

  private static LocalDebezium.Settings debezium(Database source, String name) {
    return LocalDebezium.from(source).to(kafka.bootstrapServers()).topicPrefix(name).slot(name);
  }

  private static List<String> items(String prefix, String upTo) {
    return TopicLines.upTo(upTo, prefix + ".public.items", kafka.bootstrapServers());
  }

  private static void await(SnapshotScene scene, String query) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (scene.query(query).isEmpty()) {
      assertThat("in time: " + query, System.nanoTime() < deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Test
  void anIncrementalSnapshotBringsARangeBackBesideTheLiveStream() throws Exception {
    Database source = postgres.database("ranged");
    SnapshotScene scene = scene("live", source, "items");
    scene.atSource("CREATE TABLE signals (id text PRIMARY KEY, type text NOT NULL, data text)");
    scene.atSource("INSERT INTO items SELECT n, 'old', n FROM generate_series(1, 200) n");
    try (LocalDebezium debezium =
        debezium(source, "ranged")
            .tables("public.items", "public.signals")
            .with("signal.data.collection", "public.signals")
            .with("incremental.snapshot.chunk.size", "10")
            .start()) {
      debezium.awaitStreaming(LIMIT);
      items("ranged", "\"id\":200");
      PipelineResult live =
          scene.replicateLive(
              TestRunner.DIRECT,
              "--kafkaBootstrapServers=" + kafka.bootstrapServers(),
              "--kafkaTopics=ranged.public.items");
      try {
        scene.atSource("UPDATE items SET title = 'before' WHERE id % 3 = 0");
        await(scene, "SELECT 1 FROM items WHERE title = 'before' HAVING count(*) = 66");
        scene.inWarehouse("DELETE FROM items WHERE id BETWEEN 50 AND 149");
        scene.atSource(SIGNAL);
        changeUntilTheRangeIsBack(scene);
        scene.atSource("UPDATE items SET title = 'after' WHERE id % 3 = 0");
        scene.atSource(ADD_LAST);
        await(scene, "SELECT 1 FROM items WHERE title = '" + LAST + "'");
        assertThat(scene.audit("items", "items_live").differences(), is(empty()));
        // The last commit but one: nothing tells yet that the last is whole.
        await(
            scene,
            "SELECT 1 FROM _millrace.progress WHERE committed_at ="
                + " (SELECT max(_committed_at) FROM items WHERE title = 'after')");
      } finally {
        live.cancel();
      }
    }
    List<String> lines = items("ranged", LAST);
    assertThat("rows read between changes", readBetweenChanges(lines), is(not(empty())));
    givesTheSameInAnyOrder(source, lines);
  }

  /** Changes every third row, in and out of the range, and leaves the others alone. */
  private static void changeUntilTheRangeIsBack(SnapshotScene scene) throws Exception {
    Random random = new Random(3);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    String untouched =
        "SELECT 1 FROM items WHERE id BETWEEN 50 AND 149 AND id % 3 > 0 HAVING count(*) = 67";
    while (scene.query(untouched).isEmpty()) {
      assertThat("the range is back in time", System.nanoTime() < deadline);
      int id = 3 * (1 + random.nextInt(66));
      scene.atSource(
          random.nextInt(5) > 0
              ? "UPDATE items SET price = price + 1, title = 'meanwhile' WHERE id = " + id
              : "DELETE FROM items WHERE id = " + id);
    }
  }

  /** The keys that an incremental snapshot read after some change and before another. */
  private static List<String> readBetweenChanges(List<String> lines) {
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).contains("\"snapshot\":\"incremental\""))
        .filter(i -> isChanged(key(lines.get(i)), lines.subList(0, i)))
        .filter(i -> isChanged(key(lines.get(i)), lines.subList(i, lines.size())))
        .mapToObj(i -> key(lines.get(i)))
        .toList();
  }

  private static boolean isChanged(String key, List<String> lines) {
    return lines.stream().anyMatch(line -> key(line).equals(key) && line.contains("\"op\":\"u\""));
  }

  private static String key(String line) {
    return line.substring(0, line.indexOf(",\"value\""));
  }

  private void givesTheSameInAnyOrder(Database source, List<String> lines) throws Exception {
    List<String> ordered = new ArrayList<>(lines);
    Collections.reverse(ordered);
    for (TestRunner runner : TestRunner.all()) {
      SnapshotScene scene = scene("any_order_" + runner, source, "items");
      CommandLine run = scene.replicate(runner, ordered, "--history=true");
      assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
      assertThat(run.err(), not(containsString("dead letters in")));
      assertThat(scene.audit("items", "items_live").differences(), is(empty()));
      Collections.shuffle(ordered, new Random(1));
    }
  }

  @Test
  void aSecondSnapshotAfterALostSlotNeedsAnEpochAndMakesUpForWhatWasMissed() throws Exception {
    Database source = postgres.database("lost");
    SnapshotScene origin = scene("origin", source, "items", "notes");
    origin.atSource("INSERT INTO items SELECT n, 'first', n FROM generate_series(1, 9) n");
    origin.atSource("INSERT INTO notes VALUES (1, 'left behind', 1)");
    List<String> first = new ArrayList<>();
    try (LocalDebezium debezium =
        debezium(source, "first").tables("public.items", "public.notes").start()) {
      debezium.awaitStreaming(LIMIT);
      origin.atSource("UPDATE items SET title = 'streamed' WHERE id = 4");
      origin.atSource("DELETE FROM items WHERE id = 5");
      origin.atSource("INSERT INTO items VALUES (10, 'streamed', 10)");
      first.addAll(items("first", "\"id\":10"));
      first.addAll(TopicLines.upTo("left behind", "first.public.notes", kafka.bootstrapServers()));
    }
    origin.atSource("SELECT pg_drop_replication_slot('first')");
    origin.atSource("DELETE FROM items WHERE id IN (2, 10); DELETE FROM notes");
    origin.atSource("UPDATE items SET title = 'missed' WHERE id = 3");
    origin.atSource("INSERT INTO items VALUES (11, 'missed', 11)");
    List<String> second;
    try (LocalDebezium debezium =
        debezium(source, "second").tables("public.items", "public.notes").start()) {
      debezium.awaitStreaming(LIMIT);
      origin.atSource("UPDATE items SET title = 'streamed again' WHERE id = 6");
      origin.atSource("DELETE FROM items WHERE id = 7");
      origin.atSource(ADD_LAST);
      second = items("second", LAST);
    }
    for (TestRunner runner : TestRunner.all()) {
      for (boolean history : List.of(false, true)) {
        String name = "second_" + runner + "_" + history;
        makesUpForWhatWasMissed(
            runner, scene(name, source, "items", "notes"), first, second, history);
      }
    }
  }

  private static void makesUpForWhatWasMissed(
      TestRunner runner,
      SnapshotScene scene,
      List<String> first,
      List<String> second,
      boolean history)
      throws Exception {
    String withHistory = "--history=" + history;
    CommandLine run = scene.replicate(runner, first, withHistory);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.query("SELECT id FROM items_live ORDER BY id"), hasSize(9));

    run = scene.replicate(runner, second, withHistory);
    assertThat(run.err(), run.exitCode(), is(ExitCode.WORLD));
    assertThat(run.err(), containsString("--positionEpoch=1"));

    List<String> beforeItsEnd =
        second.stream().takeWhile(line -> !line.contains("\"snapshot\":\"last")).toList();
    assertThat("the snapshot's rows but the last", beforeItsEnd, hasSize(7));
    run = scene.replicate(runner, beforeItsEnd, withHistory, "--positionEpoch=1");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    String missedDeletes = "SELECT id FROM items_live WHERE id IN (2, 10) ORDER BY id";
    assertThat("until it is complete", scene.query(missedDeletes), contains("2", "10"));

    run = scene.replicate(runner, second, withHistory, "--positionEpoch=1");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.audit("items", "items_live").differences(), is(empty()));
    assertThat(
        "of an empty table nothing is told",
        scene.query("SELECT id FROM notes_live"),
        contains("1"));
    assertThat(
        scene.query("SELECT count(*) FROM _millrace.snapshots WHERE \"table\" = 'public.items'"),
        contains("2"));
    if (history) {
      assertThat(
          "versions that ended, the missed changes' among them",
          scene.query(
              "SELECT id || ' ' || title FROM items_history WHERE _valid_to > _valid_from"
                  + " ORDER BY id, _valid_from"),
          contains(
              "2 first", "3 first", "4 first", "5 first", "6 first", "7 first", "10 streamed"));
    }
  }
}
