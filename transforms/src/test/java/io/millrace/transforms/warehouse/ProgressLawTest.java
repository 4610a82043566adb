package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.in;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.TestRunner;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Whenever progress is told, all changes of the commits that it covers are in the tables: of
 * transactions of any size, some of one commit time, sent in the order of their commits to
 * partitions that lag in any way.
 */
class ProgressLawTest {
  private static final Contract CONTRACT =
      TestTable.contract("t: key id integer; a text", "u: key id integer; a text");
  private static final List<TestTable> TABLES =
      List.of(TestTable.of(CONTRACT, "t"), TestTable.of(CONTRACT, "u"));
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final int TRANSACTIONS = 12;
  private static final int PARTITIONS = 3;

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void aCommitThatIsNamedIsThereWithAllEarlierOnes(@ForAll Random random, @ForAll boolean history) {
    List<ChangeEvent> log = log(random);
    TestWarehouse database = TestWarehouse.create();
    try {
      Warehouse warehouse = database.warehouse().withHistory(history).withBatchEvents(8);
      WarehouseTables.prepare(warehouse, CONTRACT);
      if (history) {
        ToldProgress.watchHistory(database);
      } else {
        ToldProgress.watch(database);
      }
      Pipeline pipeline = TestRunner.DIRECT.pipeline();
      pipeline.apply(arriving(log, random)).apply(WriteWarehouse.to(warehouse, CONTRACT));
      pipeline.run().waitUntilFinish();
      List<String> complete = complete(log);
      List<String> told = ToldProgress.in(database);
      assertThat(told, everyItem(in(complete)));
      assertThat("all but the last", told, hasItem(complete.get(complete.size() - 2)));
    } finally {
      database.drop();
    }
  }

  /** Transactions in the order of their commits; each change makes a row and is sent on its own. */
  private static List<ChangeEvent> log(Random random) {
    List<ChangeEvent> log = new ArrayList<>();
    long committedAt = 0;
    for (int transaction = 0; transaction < TRANSACTIONS; transaction++) {
      boolean isLast = transaction == TRANSACTIONS - 1;
      committedAt = !isLast && random.nextInt(3) == 0 ? committedAt : log.size();
      for (int rows = 1 + random.nextInt(5); rows > 0; rows--) {
        long place = log.size();
        log.add(
            TABLES
                .get(random.nextInt(TABLES.size()))
                .upsert(place, "{\"id\":" + place + ",\"a\":null}")
                .toBuilder()
                .setCommittedAt(TestTable.committedAt(committedAt))
                .setReceivedAt(TestTable.committedAt(place + 1))
                .build());
      }
    }
    return log;
  }

  /** Each commit time, and how many rows there are once it is complete. */
  private static List<String> complete(List<ChangeEvent> log) {
    TreeMap<Long, Integer> rows = new TreeMap<>();
    for (int i = 0; i < log.size(); i++) {
      rows.put(log.get(i).committedAt(), i + 1);
    }
    return rows.entrySet().stream()
        .map(
            commit ->
                TIME.format(
                        LocalTime.MIDNIGHT.plusSeconds(
                            (commit.getKey() - TestTable.START_MICROS) / 1_000_000))
                    + " with "
                    + commit.getValue())
        .toList();
  }

  private static TestStream<ChangeEvent> arriving(List<ChangeEvent> log, Random random) {
    List<Queue<ChangeEvent>> partitions =
        Stream.<Queue<ChangeEvent>>generate(ArrayDeque::new).limit(PARTITIONS).toList();
    log.forEach(event -> partitions.get(random.nextInt(PARTITIONS)).add(event));
    TestStream.Builder<ChangeEvent> stream = TestStream.create(ChangeEventCoder.of());
    for (int left = log.size(); left > 0; left--) {
      List<Queue<ChangeEvent>> there =
          partitions.stream().filter(partition -> !partition.isEmpty()).toList();
      ChangeEvent event = there.get(random.nextInt(there.size())).remove();
      stream = stream.addElements(TimestampedValue.of(event, receivedAt(event)));
      stream =
          stream.advanceWatermarkTo(
              partitions.stream()
                  .filter(partition -> !partition.isEmpty())
                  .map(partition -> receivedAt(partition.element()))
                  .min(Instant::compareTo)
                  .orElse(receivedAt(log.get(log.size() - 1)).plus(Duration.standardSeconds(1))));
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static Instant receivedAt(ChangeEvent event) {
    return Instant.ofEpochMilli(event.receivedAt() / 1_000);
  }
}
