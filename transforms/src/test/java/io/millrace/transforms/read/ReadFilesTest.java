package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.quality.RunCounter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ReadFilesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void readsPlainAndCompressedFilesOfSeveralPatterns(TestRunner runner) throws IOException {
    write("a.jsonl", "1\n\n2");
    write("b.jsonl", "\uFEFF3\r\n");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(at("c.jsonl.gz")))) {
      out.write("4\n".getBytes(StandardCharsets.UTF_8));
    }
    write("notes.txt", "not read");
    Pipeline pipeline = runner.pipeline();
    PCollection<String> records =
        pipeline
            .apply(ReadFiles.matching(at("*.jsonl") + ", " + at("?.jsonl.gz"), at("a.jsonl") + ""))
            .apply(ParDo.of(new RecordTexts.UnpackFn()));
    PAssert.that(records)
        .containsInAnyOrder(
            "a.jsonl:1@0 -=1", "a.jsonl:3@3 -=2", "b.jsonl:1@3 -=3", "c.jsonl.gz:1@0 -=4");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void readsEachLineOfALargeFileOnceWithItsNumber(TestRunner runner) throws IOException {
    List<String> expected = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (int line = 1; line <= 3_000; line++) {
      String text = "line " + line + " ".repeat(line % 2_000);
      expected.add("large.jsonl:" + line + "@" + lines.length() + " -=" + text);
      lines.append(text).append('\n');
    }
    write("large.jsonl", lines.toString());
    Pipeline pipeline = runner.pipeline();
    PCollection<String> records =
        pipeline
            .apply(ReadFiles.matching(at("large.jsonl").toString()))
            .apply(ParDo.of(new RecordTexts.UnpackFn()));
    PAssert.that(records).containsInAnyOrder(expected);
    long readBefore = recordsRead();
    pipeline.run();
    assertThat(recordsRead() - readBefore, is(3_000L));
  }

  @Test
  void patternThatMatchesNothingIsNamed() throws IOException {
    write("a.jsonl", "1\n");
    assertThat(refusal(at("a.jsonl") + "," + at("b*")), is("No file matches " + at("b*")));
    assertThat(refusal(at("none/x").toString()), is("No file matches " + at("none/x")));
  }

  @Test
  void directoryIsRefusedWithTheRemedy() {
    assertThat(
        refusal(directory.toString()),
        is(directory + " is a directory; name the files in it, as in " + directory + "/*.jsonl"));
  }

  @Test
  void commasInBracesDoNotSeparatePatterns() {
    assertThat(
        FilePatterns.split("a/{x,y}*.jsonl, b.jsonl,", "c"),
        contains("a/{x,y}*.jsonl", "b.jsonl", "c"));
    assertThrows(IllegalArgumentException.class, () -> ReadFiles.matching(" ,"));
  }

  private String refusal(String pattern) {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    SourceException refusal =
        assertThrows(SourceException.class, () -> pipeline.apply(ReadFiles.matching(pattern)));
    assertThat(refusal.fault(), is(SourceException.Fault.INPUT));
    return refusal.getMessage();
  }

  private static long recordsRead() {
    return RunCounter.totals().getOrDefault("records_read", 0L);
  }

  private Path at(String name) {
    return directory.resolve(name);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(at(name), text);
  }
}
