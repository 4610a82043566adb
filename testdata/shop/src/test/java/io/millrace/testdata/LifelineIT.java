package io.millrace.testdata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.BufferedReader;
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
    assertThat(output.readLine().startsWith("READY jdbc:postgresql://localhost:"), is(true));
    Path pidFile = directory.resolve("data").resolve("postmaster.pid");
    long postmaster = Long.parseLong(Files.readAllLines(pidFile).get(0));

    service.getOutputStream().close();

    assertThat(service.waitFor(30, TimeUnit.SECONDS), is(true));
    assertThat(
        ProcessHandle.of(postmaster)
            .map(process -> Processes.awaitEnd(process, Duration.ofSeconds(1)))
            .orElse(true),
        is(true));
  }
}
