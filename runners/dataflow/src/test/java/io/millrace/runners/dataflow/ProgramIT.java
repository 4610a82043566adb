package io.millrace.runners.dataflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The self-contained jar, as far as it goes without a cloud: all it needs is in it. */
@Timeout(120)
class ProgramIT {
  private static final Path JAR = Path.of("target", "millrace-dataflow.jar");

  @Test
  void theJarReadsOptionsAndRefusesWhatWorkersCannotReach() throws Exception {
    assumeTrue(Files.isRegularFile(JAR), "not packaged");
    assertThat(
        run(
            2,
            "replicate",
            "--project=some-project",
            "--region=europe-west4",
            "--gcpTempLocation=gs://bucket/temp",
            "--input=changes.jsonl",
            "--contract=contract.yaml",
            "--warehouseUrl=jdbc:postgresql://db.example.com/warehouse"),
        startsWith("error: --input must be in Cloud Storage (gs://BUCKET/...) on dataflow"));
  }

  private static String run(int exitCode, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output, process.waitFor(), is(exitCode));
    return output;
  }
}
