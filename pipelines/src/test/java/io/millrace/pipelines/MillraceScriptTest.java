package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./millrace} refuses before it builds or starts anything. */
class MillraceScriptTest {
  private static final String HOME = System.getProperty("java.home");

  @TempDir Path directory;

  @Test
  void anUnknownRunnerIsTheUsersInput() throws Exception {
    assertThat(
        run(HOME, 2, "replicate", "--runner=spark"),
        is("error: --runner must be direct, flink or dataflow, got 'spark'\n"));
  }

  @Test
  void aMissingJavaIsToldWithItsPlace() throws Exception {
    assertThat(
        run("/no/such/jdk", 3, "list"),
        is("error: JAVA_HOME is /no/such/jdk, which holds no bin/java\n"));
  }

  @Test
  void anOldJavaIsRefused() throws Exception {
    Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    assertThat(java.toFile().setExecutable(true), is(true));
    assertThat(
        run(directory.toString(), 3, "list"),
        startsWith("error: " + java + " is Java 11; Millrace needs 17 or newer"));
  }

  private static String run(String javaHome, int exitCode, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of("..", "millrace").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", javaHome);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output, process.waitFor(), is(exitCode));
    return output;
  }
}
