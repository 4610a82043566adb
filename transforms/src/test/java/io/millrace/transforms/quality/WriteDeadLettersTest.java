package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class WriteDeadLettersTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void everyLetterIsWrittenInItsFolder(TestRunner runner) throws IOException {
    List<DeadLetter> lines = new ArrayList<>();
    List<DeadLetter> changes = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      lines.add(Letters.line(i, Letters.bytes("x".repeat(i))));
      changes.add(Letters.change(i));
    }
    Path target = directory.resolve("dead/letters");
    Pipeline pipeline = runner.pipeline();
    pipeline
        .apply("Lines", Create.of(lines).withCoder(DeadLetterCoder.of()))
        .apply("WriteLines", WriteDeadLetters.to(target.toString()));
    pipeline
        .apply("Changes", Create.of(changes).withCoder(DeadLetterCoder.of()))
        .apply("WriteChanges", WriteDeadLetters.to("file:" + target));
    pipeline.run();
    assertThat(
        read(target.resolve("stage=PARSE/date=2025-12-31")), containsInAnyOrder(lines.toArray()));
    assertThat(
        read(target.resolve("stage=WAREHOUSE/date=2026-01-01")),
        containsInAnyOrder(changes.toArray()));
    assertThat("files", files(target).size(), lessThan(20));
  }

  @Test
  void filesGrowBundleByBundle() throws IOException {
    try (DeadLetterFiles files = DeadLetterFiles.in(directory.toString())) {
      for (int i = 0; i < 100; i++) {
        files.append("a", Letters.bytes("line " + i));
        files.flush();
        assertThat(Files.readAllLines(files(directory).get(0)), hasSize(i + 1));
      }
      assertThat(files(directory), hasSize(1));
    }
  }

  @Test
  void aLongBundleDoesNotWaitInMemory() throws IOException {
    try (DeadLetterFiles files = DeadLetterFiles.in(directory.toString())) {
      files.append("a", new byte[1 << 20]);
      assertThat(Files.size(files(directory).get(0)), is((1L << 20) + 1));
    }
  }

  @Test
  void manyFoldersDoNotKeepManyFilesOpen() throws IOException {
    try (DeadLetterFiles files = DeadLetterFiles.in(directory.toString())) {
      for (int i = 0; i < 40; i++) {
        files.append("a/" + i, Letters.bytes("line"));
      }
    }
    assertThat(files(directory), hasSize(40));
  }

  @Test
  void whatIsMadeBelongsToItsOwnerAlone() throws IOException {
    Path target = directory.resolve("new");
    try (DeadLetterFiles files = DeadLetterFiles.in(target.toString())) {
      files.append("a/b", Letters.bytes("secret"));
    }
    assertThat(permissions(target), is("rwx------"));
    assertThat(permissions(target.resolve("a/b")), is("rwx------"));
    assertThat(permissions(files(target).get(0)), is("rw-------"));
  }

  @Test
  void whereFilesCannotGrowEachFlushMakesOne() throws IOException {
    var remote = FileSystems.matchNewResource(directory.toString(), true);
    try (DeadLetterFiles files = new DeadLetterFiles(remote, false)) {
      files.append("a/b", Letters.bytes("1"));
      files.append("a/b", Letters.bytes("2"));
      files.flush();
      files.append("a/b", Letters.bytes("3"));
    }
    List<String> contents = new ArrayList<>();
    for (Path file : files(directory.resolve("a/b"))) {
      contents.add(Files.readString(file));
    }
    assertThat(contents, containsInAnyOrder("1\n2\n", "3\n"));
  }

  @Test
  void directoryThatCannotBeWrittenToIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    WriteDeadLetters.to(directory.resolve("fine").toString()).check();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> WriteDeadLetters.to(file + "/x").check());
    assertThat(
        refusal.getMessage(), containsString("Dead letters cannot be written to " + file + "/x"));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<DeadLetter> read(Path directory) throws IOException {
    List<DeadLetter> letters = new ArrayList<>();
    for (Path file : files(directory)) {
      Files.readAllLines(file).forEach(line -> letters.add(DeadLetters.parse(line)));
    }
    return letters;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).toList();
    }
  }
}
