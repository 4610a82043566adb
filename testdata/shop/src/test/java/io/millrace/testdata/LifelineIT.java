package io.millrace.testdata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifelineIT {
  @TempDir private Path directory;

  @Test
  void aServiceStopsWithItsServerWhenTheParentsPipeEnds() throws Exception {
    Process service = startPostgres();
    ProcessHandle postmaster = postmaster();

    service.getOutputStream().close();

    assertThat(service.waitFor(30, TimeUnit.SECONDS), is(true));
    assertThat(Processes.awaitEnd(postmaster, Duration.ofSeconds(1)), is(true));
  }

  @Test
  void theServerStopsEvenIfTheJvmThatStartedItIsKilled() throws Exception {
    Process service = startPostgres();
    ProcessHandle postmaster = postmaster();

    service.destroyForcibly();

    assertThat(Processes.awaitEnd(postmaster, Duration.ofSeconds(30)), is(true));
  }

  private Process startPostgres() throws IOException {
    Process service =
        new ProcessBuilder(
                ChildProcess.java(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "service",
                "postgres",
                "--directory=" + directory,
                "--lifeline")
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8));
    assertThat(output.readLine(), startsWith("READY jdbc:postgresql://localhost:"));
    return service;
  }

  private ProcessHandle postmaster() throws IOException {
    Path pidFile = directory.resolve("data").resolve("postmaster.pid");
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0))).orElseThrow();
  }
}
