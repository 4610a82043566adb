package io.millrace.transforms.laws;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.compaction.CompactLog;
import io.millrace.transforms.landing.LandedLog;
import io.millrace.transforms.landing.LandedRecords;
import io.millrace.transforms.landing.WriteLanding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Worlds whose records are landed, spread over partitions at random, and compacted. */
final class CompactedWorlds {
  private static final String TOPIC = "laws";
  private static final int PARTITIONS = 3;
  private static final int FILE_RECORDS = 50;

  private final Path directory;
  private final List<World> worlds;

  CompactedWorlds(Path directory, List<World> worlds) {
    this.directory = directory;
    this.worlds = worlds;
  }

  /** Those of some records of each world that its compacted log has. */
  List<List<LogRecord>> kept(List<List<LogRecord>> records, Random random) {
    List<List<List<LogRecord>>> spread = records.stream().map(of -> spread(of, random)).toList();
    TestPipeline landing = TestRunner.DIRECT.pipeline();
    TestPipeline compaction = TestRunner.DIRECT.pipeline();
    for (int i = 0; i < worlds.size(); i++) {
      land(landing, i, spread.get(i));
      Setting setting = worlds.get(i).setting();
      compaction.apply(
          "Compact " + i,
          CompactLog.of(List.of(landed(i)), setting.flavor().format(), worlds.get(i).contract())
              .withUnknownColumns(setting.unknownColumns())
              .withBuckets(setting.buckets())
              .to(compacted(i)));
    }
    landing.run().waitUntilFinish();
    compaction.run().waitUntilFinish();
    return IntStream.range(0, worlds.size())
        .mapToObj(i -> read(compacted(i), landed(i), spread.get(i)))
        .toList();
  }

  private String landed(int world) {
    return directory.resolve("landed" + world).toString();
  }

  private String compacted(int world) {
    return directory.resolve("compacted" + world).toString();
  }

  private static List<List<LogRecord>> spread(List<LogRecord> records, Random random) {
    List<List<LogRecord>> partitions = new ArrayList<>();
    IntStream.range(0, PARTITIONS).forEach(i -> partitions.add(new ArrayList<>()));
    records.forEach(record -> partitions.get(random.nextInt(PARTITIONS)).add(record));
    return partitions;
  }

  private void land(TestPipeline pipeline, int world, List<List<LogRecord>> partitions) {
    List<RecordBlock> blocks = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      List<LogRecord> records = partitions.get(partition);
      RecordBlock.Writer writer = new RecordBlock.Writer(1 << 10);
      for (int offset = 0; offset < records.size(); offset++) {
        LogRecord record = records.get(offset);
        writer.add(offset, 1_000L + offset, bytes(record.key()), bytes(record.value()));
      }
      if (!records.isEmpty()) {
        // In one block: Create would give several in any order, and the first begins the landing.
        blocks.add(RecordBlock.of(TOPIC, partition, 0, records.size(), writer.take()));
      }
    }
    pipeline
        .apply("Blocks " + world, Create.of(blocks).withCoder(RecordBlockCoder.of()))
        .apply("Land " + world, WriteLanding.to(landed(world)).withBlockOffsets(FILE_RECORDS));
  }

  private static @Nullable ByteBuffer bytes(@Nullable String text) {
    return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<LogRecord> read(
      String compacted, String landed, List<List<LogRecord>> partitions) {
    List<LogRecord> kept = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      LandedLog log = LandedLog.of(List.of(compacted, landed), TOPIC, partition);
      for (LandedLog.Span span : log.spans()) {
        try (LandedRecords records = log.records(span.from(), false)) {
          for (@Nullable RecordBlock block = records.next();
              block != null;
              block = records.next()) {
            RecordBlock.Cursor record = block.records();
            while (record.next()) {
              kept.add(partitions.get(partition).get((int) record.offset()));
            }
          }
        }
      }
    }
    return kept;
  }
}
