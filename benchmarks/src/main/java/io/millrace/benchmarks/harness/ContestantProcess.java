package io.millrace.benchmarks.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testdata.ChildProcess;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contestant's JVM, seen from outside. It ends with this one, since its input does. */
final class ContestantProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What Flink and Beam reflect into. */
  private static final List<String> OPENED =
      List.of(
          "lang",
          "net",
          "io",
          "nio",
          "lang.reflect",
          "text",
          "time",
          "util",
          "util.concurrent",
          "util.concurrent.atomic",
          "util.concurrent.locks");

  private final String name;
  private final Process process;
  private final Path log;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /**
   * Starts an entrant's JVM.
   *
   * @param heap of fixed size, such as 2g
   * @param options further ones of the JVM
   * @param directory for its log and its temporary files
   */
  static ContestantProcess start(
      Benchmark benchmark,
      Entrant entrant,
      Settings settings,
      String heap,
      List<String> options,
      Path directory)
      throws IOException {
    return new ContestantProcess(benchmark, entrant, settings, heap, options, directory);
  }

  private ContestantProcess(
      Benchmark benchmark,
      Entrant entrant,
      Settings settings,
      String heap,
      List<String> options,
      Path directory)
      throws IOException {
    this.name = entrant.title();
    this.log = directory.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".log");
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.addAll(flags(heap));
    command.addAll(options);
    command.add("-Djava.io.tmpdir=" + directory);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ContestantMain.class.getName());
    command.add(benchmark.name());
    command.add(entrant.title());
    this.process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    send(JSON.writeValueAsString(settings.values()));
  }

  /** The options of every contestant's JVM. */
  static List<String> flags(String heap) {
    List<String> flags = new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap));
    OPENED.forEach(part -> flags.add("--add-opens=java.base/java." + part + "=ALL-UNNAMED"));
    flags.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    if (Runtime.version().feature() >= 24) {
      flags.add("--enable-native-access=ALL-UNNAMED");
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    return flags;
  }

  /** Has it do the work once. */
  Measurement run() throws IOException {
    return ask(ContestantMain.RUN);
  }

  /** Has it do the work once more, looking at its live heap meanwhile. */
  Measurement look() throws IOException {
    return ask(ContestantMain.LOOK);
  }

  private Measurement ask(String request) throws IOException {
    send(request);
    String answer = answers.readLine();
    // The JVM itself, and agents in it, also write to standard output.
    while (answer != null && !answer.startsWith("{")) {
      answer = answers.readLine();
    }
    if (answer == null) {
      throw new IOException(name + " ended in mid-run" + ChildProcess.logEnd(log));
    }
    return JSON.readValue(answer, Measurement.class);
  }

  private void send(String line) throws IOException {
    try {
      requests.write(line);
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw new IOException(name + " has ended" + ChildProcess.logEnd(log), e);
    }
  }

  /** Lets it end, and ends it if it does not. */
  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException e) {
      // It is gone already.
    }
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
