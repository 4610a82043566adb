package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineReaderTest {
  private static final FileSource.Settings SETTINGS =
      new FileSource.Settings(List.of(), 1 << 20, 1 << 20);

  @TempDir Path directory;

  @Test
  void linesAreNumberedAndPlacedByTheirFirstByte() throws IOException {
    assertThat(
        read(file("a\nbc\nd\n"), SETTINGS),
        contains("file.jsonl:1@0 -=a", "file.jsonl:2@2 -=bc", "file.jsonl:3@5 -=d"));
  }

  @Test
  void carriageReturnsAreStrippedAndEmptyLinesCounted() throws IOException {
    assertThat(
        read(file("a\r\n\r\n\nb\r\n"), SETTINGS),
        contains("file.jsonl:1@0 -=a", "file.jsonl:4@6 -=b"));
  }

  @Test
  void lastLineNeedsNoLineFeed() throws IOException {
    assertThat(
        read(file("a\nlast"), SETTINGS), contains("file.jsonl:1@0 -=a", "file.jsonl:2@2 -=last"));
  }

  @Test
  void byteOrderMarkIsSkipped() throws IOException {
    assertThat(read(file("\uFEFFa\n"), SETTINGS), contains("file.jsonl:1@3 -=a"));
  }

  @Test
  void emptyFileHasNoLines() throws IOException {
    assertThat(read(file(""), SETTINGS), is(empty()));
    assertThat(read(file("\n\r\n"), SETTINGS), is(empty()));
  }

  @Test
  void anySplitsGiveEachLineOnceWithItsNumber() throws IOException {
    FileRange file = file("\uFEFF{\"a\":1}\r\n\n\nüñí\u2028ço∂é 🐘\r\n\r\nx\n\nlast one");
    List<String> whole = read(file, SETTINGS);
    assertThat(whole, hasSize(4));
    for (long first = 0; first <= file.size(); first++) {
      for (long second = first; second <= file.size(); second++) {
        List<String> parts = new ArrayList<>(read(file.between(0, first), SETTINGS));
        parts.addAll(read(file.between(first, second), SETTINGS));
        parts.addAll(read(file.between(second, file.size()), SETTINGS));
        assertThat("split at " + first + " and " + second, parts, is(whole));
      }
    }
  }

  @Test
  void splitsOfALargeFileGiveItsLines() throws IOException {
    FileRange file = file(manyLines(40_000));
    List<String> parts = new ArrayList<>();
    FileSource source = new FileSource(settings(file.file()));
    List<FileSource> splits = source.split(1, PipelineOptionsFactory.create());
    for (FileSource split : splits) {
      parts.addAll(read(split));
    }
    assertThat(splits, hasSize(4));
    assertThat(parts, is(read(source)));
    assertThat(parts, hasSize(40_000));
    assertThat(parts.get(39_999), containsString("file.jsonl:40000@"));
  }

  @Test
  void splitsOfAFileTooLargeToCountHaveNoLineNumbers() throws IOException {
    FileRange file = file("a\nb\nc\n");
    FileSource.Settings settings = new FileSource.Settings(List.of(), 100, 5);
    assertThat(read(file.between(0, 2), settings), contains("file.jsonl:1@0 -=a"));
    assertThat(
        read(file.between(2, 6), settings), contains("file.jsonl:0@2 -=b", "file.jsonl:0@4 -=c"));
  }

  @Test
  void smallFilesShareASplit() throws IOException {
    for (int i = 0; i < 10; i++) {
      Files.writeString(directory.resolve(i + ".jsonl"), "line\n");
    }
    FileSource source = new FileSource(settings(directory + "/*.jsonl"));
    List<FileSource> splits = source.split(5, PipelineOptionsFactory.create());
    assertThat(splits, hasSize(1));
    assertThat(read(splits.get(0)), hasSize(10));
  }

  @Test
  void compressedFileIsReadWhole() throws IOException {
    Path file = directory.resolve("file.jsonl.gz");
    String lines = manyLines(40_000);
    // Two members, as after cat a.gz b.gz.
    gzip(file, lines.substring(0, 999), false);
    gzip(file, lines.substring(999), true);
    FileSource source = new FileSource(settings(file.toString()));
    List<FileSource> splits = source.split(1, PipelineOptionsFactory.create());
    assertThat(splits, hasSize(1));
    FileRange plain = file(lines);
    assertThat(
        read(splits.get(0)),
        is(read(plain, SETTINGS).stream().map(r -> r.replace(".jsonl:", ".jsonl.gz:")).toList()));
  }

  @Test
  void damagedCompressedFileFailsWithItsName() throws IOException {
    Path file = directory.resolve("cut.jsonl.gz");
    gzip(file, manyLines(5_000), false);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    FileSource source = new FileSource(settings(file.toString()));
    SourceException failure = assertThrows(SourceException.class, () -> read(source));
    assertThat(failure.getMessage(), containsString("cut.jsonl.gz cannot be read beyond byte"));
  }

  @Test
  void blocksHoldSome128KilobytesAndLongLinesStandAlone() throws IOException {
    String longLine = "x".repeat(200_000);
    List<RecordBlock> blocks = blocks(file(manyLines(5_000) + longLine + "\ny\n"));
    List<RecordBlock> full = blocks.subList(0, blocks.size() - 2);
    assertThat(full.stream().map(block -> block.bytes().length >> 10).toList(), everyItem(is(128)));
    assertThat(RecordTexts.of(blocks.get(blocks.size() - 1)), contains(endsWith("-=y")));
  }

  @Test
  void tooLongALineFailsWithItsPlace() throws IOException {
    FileRange file = file("a\n" + "x".repeat(1 << 20) + "\r\n" + "y".repeat((1 << 20) + 1) + "\nz");
    SourceException failure = assertThrows(SourceException.class, () -> read(file, SETTINGS));
    assertThat(
        failure.getMessage(),
        allOf(containsString("file.jsonl:3 (byte 1048580)"), containsString("1048576 bytes")));
    assertThat(failure.fault(), is(SourceException.Fault.INPUT));
  }

  @Test
  void fileThatWasCutFails() throws IOException {
    FileRange file = file("a\nb\nc\n");
    file("a\nb");
    SourceException failure = assertThrows(SourceException.class, () -> read(file, SETTINGS));
    assertThat(failure.getMessage(), containsString("had 6 bytes and now has 3"));
  }

  @Test
  void lineFeedsAreCountedEightBytesAtATime() {
    Random random = new Random(7);
    for (int round = 0; round < 1_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      int expected = 0;
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextBoolean() ? '\n' : random.nextInt());
        expected += bytes[i] == '\n' ? 1 : 0;
      }
      assertThat(LineCounts.lineFeeds(bytes, bytes.length), is(expected));
    }
  }

  private static String manyLines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("{\"id\":").append(i).append(",\"text\":\"").append("é".repeat(i % 80));
      lines.append("\"}\n");
    }
    return lines.toString();
  }

  private FileRange file(String text) throws IOException {
    Path file = directory.resolve("file.jsonl");
    Files.writeString(file, text);
    return FilePatterns.match(List.of(file.toString())).get(0);
  }

  private static void gzip(Path file, String text, boolean append) throws IOException {
    StandardOpenOption how = append ? StandardOpenOption.APPEND : StandardOpenOption.CREATE;
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file, how))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static FileSource.Settings settings(String pattern) {
    return new FileSource.Settings(List.of(pattern), 1 << 20, 1 << 30);
  }

  private static List<String> read(FileRange range, FileSource.Settings settings)
      throws IOException {
    return read(new FileSource(settings, List.of(range)));
  }

  private static List<RecordBlock> blocks(FileRange range) throws IOException {
    return blocks(new FileSource(SETTINGS, List.of(range)));
  }

  private static List<String> read(FileSource source) throws IOException {
    return blocks(source).stream().flatMap(block -> RecordTexts.of(block).stream()).toList();
  }

  private static List<RecordBlock> blocks(FileSource source) throws IOException {
    List<RecordBlock> blocks = new ArrayList<>();
    try (var reader = source.createReader(PipelineOptionsFactory.create())) {
      for (boolean more = reader.start(); more; more = reader.advance()) {
        blocks.add(reader.getCurrent());
      }
    }
    return blocks;
  }
}
