package io.millrace.transforms.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.TimestampKind;
import io.millrace.transforms.store.FileStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file gives back what was written to it, from any offset on, or says that it cannot. */
@Timeout(120)
class LandedRecordsTest {
  @TempDir Path directory;

  @Test
  void recordsComeBackWithAllThatWasKeptOfThem() throws Exception {
    TestLog log = new TestLog(2, 3_000, 5);
    LandedFile file = write(log.block(100, 2_900));
    assertThat(texts(TestLog.read(directory(), file, 100, true)), is(log.texts(100, 2_900)));
    assertThat(file.records(), is((long) log.texts(100, 2_900).size()));
  }

  @Test
  void headersAreLeftOutWhereTheyAreNotWanted() throws Exception {
    TestLog log = new TestLog(2, 300, 5);
    LandedFile file = write(log.block(0, 300));
    assertThat(
        texts(TestLog.read(directory(), file, 0, false)),
        is(log.texts(0, 300).stream().map(text -> text.replaceAll("\\[.*", "[]")).toList()));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 100, 101, 1_499, 2_899, 2_900, 5_000})
  void readingBeginsAtAnyOffsetAndRangesLeaveNoneOut(long from) throws Exception {
    TestLog log = new TestLog(2, 3_000, 5);
    LandedFile file = write(log.block(100, 2_900));
    List<RecordBlock> blocks = TestLog.read(directory(), file, from, true);
    assertThat(texts(blocks), is(log.texts(Math.min(2_900, Math.max(100, from)), 2_900)));
    assertTouch(blocks, Math.max(100, from), 2_900);
  }

  @Test
  void largeFilesHaveSeveralRowGroupsOfWhichTheFirstArePassedOver() throws Exception {
    Random random = new Random(1);
    RecordBlock.Writer writer = new RecordBlock.Writer(1 << 20);
    byte[] value = new byte[10_000];
    for (int offset = 0; offset < 5_000; offset++) {
      random.nextBytes(value);
      writer.add(offset, offset, TimestampKind.CREATE, null, ByteBuffer.wrap(value), List.of());
    }
    RecordBlock block = RecordBlock.of(TestLog.TOPIC, 0, 0, 5_000, writer.take());
    LandedFile file = write(block);
    List<RecordBlock> all = TestLog.read(directory(), file, 0, false);
    assertThat(all.size(), is(greaterThan(300)));
    for (RecordBlock each : all) {
      assertThat(each.bytes().length, is(lessThan(150_000)));
    }
    assertThat(texts(all), is(TestLog.texts(block)));
    // Damage in what is passed over is not seen; the rest is read as it is.
    Path path = directory.resolve(file.path());
    byte[] content = Files.readAllBytes(path);
    content[5_000]++;
    Files.write(path, content);
    List<RecordBlock> last = TestLog.read(directory(), file, 4_990, false);
    assertThat(texts(last), is(TestLog.texts(block).subList(4_990, 5_000)));
    assertThrows(LandingException.class, () -> TestLog.read(directory(), file, 0, false));
  }

  @Test
  void aRangeWithoutRecordsIsOneBlockWithoutRecords() throws Exception {
    LandedFile file = write(RecordBlock.of(TestLog.TOPIC, 2, 10, 20, new byte[0]));
    assertThat(
        TestLog.read(directory(), file, 10, true),
        is(List.of(RecordBlock.of(TestLog.TOPIC, 2, 10, 20, new byte[0]))));
    assertThat(TestLog.read(directory(), file, 20, true), is(empty()));
  }

  @Test
  void aFileThatIsNotAsItWasWrittenIsNamed() throws Exception {
    LandedFile file = write(new TestLog(2, 3_000, 5).block(100, 2_900));
    Path path = directory.resolve(file.path());
    byte[] content = Files.readAllBytes(path);
    content[content.length / 2]++;
    Files.write(path, content);
    assertFails(file, path + " of the landing cannot be read");
    Files.write(path, List.of("short"));
    assertFails(file, path + " of the landing has 6 bytes instead of " + file.bytes());
    Files.delete(path);
    assertFails(file, path + " of the landing is missing; bring it back");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keysAreReadWhetherTheyComeFromADictionaryOrNot(boolean isByDictionary) throws Exception {
    // The first landings have dictionaries of keys.
    LandedFile file = write(ParquetProperties.WriterVersion.PARQUET_1_0, isByDictionary);
    assertThat(
        TestLog.read(directory(), file, 0, false).stream()
            .flatMap(block -> keys(block).stream())
            .toList(),
        is(IntStream.range(0, 1_000).mapToObj(LandedRecordsTest::key).toList()));
  }

  @Test
  void filesOfAnotherKindAreNamed() throws Exception {
    LandedFile file = write(ParquetProperties.WriterVersion.PARQUET_2_0, false);
    assertFails(file, "offset has a page of version 2");
  }

  private static String key(int offset) {
    return offset % 3 == 0 ? "none" : "key" + offset % 7;
  }

  private static List<String> keys(RecordBlock block) {
    List<String> keys = new ArrayList<>();
    RecordBlock.Cursor record = block.records();
    while (record.next()) {
      byte[] key = record.copyKey();
      keys.add(key == null ? "none" : new String(key, StandardCharsets.UTF_8));
    }
    return keys;
  }

  /** Writes records with a key or none and no value, by a writer that is not the landing's. */
  private LandedFile write(ParquetProperties.WriterVersion version, boolean isByDictionary)
      throws Exception {
    Path path = directory.resolve("file.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(RecordColumns.SCHEMA)
            .withWriterVersion(version)
            .withDictionaryEncoding(isByDictionary)
            .build()) {
      for (int offset = 0; offset < 1_000; offset++) {
        Group row = new SimpleGroup(RecordColumns.SCHEMA);
        row.add(RecordColumns.TOPIC, TestLog.TOPIC);
        row.add(RecordColumns.PARTITION, 2);
        row.add(RecordColumns.OFFSET, (long) offset);
        if (!key(offset).equals("none")) {
          row.add(RecordColumns.KEY, key(offset));
        }
        row.addGroup(RecordColumns.HEADERS);
        writer.write(row);
      }
    }
    return new LandedFile(
        "file.parquet", TestLog.TOPIC, 2, 0, 1_000, 1_000, Files.size(path), "", null, null);
  }

  private void assertFails(LandedFile file, String message) {
    LandingException failure =
        assertThrows(
            LandingException.class, () -> TestLog.read(directory(), file, file.from(), true));
    assertThat(failure.getMessage(), containsString(message));
  }

  private static void assertTouch(List<RecordBlock> blocks, long from, long to) {
    long next = from;
    for (RecordBlock block : blocks) {
      assertThat(block.from(), is(next));
      assertThat(block.to(), is(greaterThan(next)));
      next = block.to();
    }
    assertThat(next, is(Math.max(from, to)));
  }

  private static List<String> texts(List<RecordBlock> blocks) {
    List<String> texts = new ArrayList<>();
    blocks.forEach(block -> texts.addAll(TestLog.texts(block)));
    return texts;
  }

  private LandedFile write(RecordBlock block) throws Exception {
    try (RecordFileWriter writer =
        new RecordFileWriter(
            FileStore.at(directory()),
            block.source(),
            block.partition(),
            block.from(),
            block.to())) {
      RecordBlock.Cursor record = block.records();
      while (record.next()) {
        writer.write(record);
      }
      return writer.finish();
    }
  }

  private String directory() {
    return directory.toString();
  }
}
