package io.millrace.benchmarks.replay;

import io.millrace.benchmarks.orders.OrderChanges;
import io.millrace.schemas.RecordBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;

/** Generates the changes as blocks of the partitions of a topic, by key, as they are read. */
final class GenerateFn extends DoFn<Long, RecordBlock> {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK_BYTES = 128 << 10;
  private static final long BEGIN_MILLIS = 1_777_593_600_000L;

  private final String topic;
  private final int partitions;
  private final boolean twentyEach;

  GenerateFn(String topic, int partitions, boolean twentyEach) {
    this.topic = topic;
    this.partitions = partitions;
    this.twentyEach = twentyEach;
  }

  /** The changes, all of them the same every time. */
  static OrderChanges changes(long events, boolean twentyEach) {
    return twentyEach ? OrderChanges.twentyEach(events) : new OrderChanges(events);
  }

  @ProcessElement
  public void process(@Element Long events, OutputReceiver<RecordBlock> out) throws IOException {
    List<Partition> logs = new ArrayList<>();
    for (int number = 0; number < partitions; number++) {
      logs.add(new Partition(number));
    }
    changes(events, twentyEach)
        .generate(
            (id, value) -> {
              Partition log = logs.get((int) (id % partitions));
              log.add(id, value);
              if (log.records.length() >= BLOCK_BYTES) {
                out.output(log.block());
              }
            });
    logs.stream().filter(log -> log.records.count() > 0).forEach(log -> out.output(log.block()));
  }

  private final class Partition {
    private final RecordBlock.Writer records = new RecordBlock.Writer(BLOCK_BYTES + 1024);
    private final int number;
    private long from;
    private long next;

    Partition(int number) {
      this.number = number;
    }

    void add(long id, byte[] value) {
      byte[] key = ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
      records.add(next, BEGIN_MILLIS + next / 5, ByteBuffer.wrap(key), ByteBuffer.wrap(value));
      next++;
    }

    RecordBlock block() {
      RecordBlock block = RecordBlock.of(topic, number, from, next, records.take());
      from = next;
      return block;
    }
  }
}
