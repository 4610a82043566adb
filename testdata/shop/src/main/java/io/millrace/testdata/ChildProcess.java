package io.millrace.testdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours with its output in files: {@code NAME.out} and {@code NAME.log} (standard
 * error) in its directory.
 *
 * <p>With {@link Lifetime#PARENT} its standard input is a pipe that ends with this JVM, however
 * this JVM ends: the child watches it and ends too. With {@link Lifetime#DETACHED} it goes on.
 */
public final class ChildProcess implements AutoCloseable {

  /** How long the child may live. */
  public enum Lifetime {
    PARENT,
    DETACHED
  }

  private static final String READY = "READY";
  private static final int LOG_LINES = 8;

  private final String name;
  private final Process process;
  private final Path output;
  private final Path log;

  /**
   * Starts a process.
   *
   * @param environment added to this process's own; the place for secrets, which a command line
   *     would show to everyone
   * @throws ServiceException if it cannot be started
   */
  public static ChildProcess start(
      String name,
      Path directory,
      Lifetime lifetime,
      List<String> command,
      Map<String, String> environment) {
    return new ChildProcess(name, directory, lifetime, command, environment);
  }

  private ChildProcess(
      String name,
      Path directory,
      Lifetime lifetime,
      List<String> command,
      Map<String, String> environment) {
    this.name = name;
    this.output = directory.resolve(name + ".out");
    this.log = directory.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    if (lifetime == Lifetime.DETACHED) {
      builder.redirectInput(Path.of("/dev/null").toFile());
    }
    builder.environment().putAll(environment);
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new ServiceException("could not start " + name + ": " + e.getMessage(), e);
    }
  }

  /** The {@code java} of this JVM. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Waits for the line that begins with {@code READY} on standard output.
   *
   * @return what follows on that line
   * @throws ServiceException if the process ends before, or the time is up; it is then ended
   */
  public String awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<String> ready = readyLine();
      if (ready.isPresent()) {
        return ready.get().substring(READY.length()).strip();
      }
      if (waitFor(Duration.ofMillis(50))) {
        throw new ServiceException(
            name + " ended with exit code " + process.exitValue() + " while it started" + logEnd());
      }
    }
    close();
    throw new ServiceException(name + " was not ready in " + limit.toSeconds() + " s" + logEnd());
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code; only after its end. */
  public int exitCode() {
    return process.exitValue();
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public Path output() {
    return output;
  }

  public Path log() {
    return log;
  }

  /** Waits for its end; true when it has ended. */
  public boolean waitFor(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted while waiting for " + name, e);
    }
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Asks it to end, waits up to 15 seconds, then kills it. */
  @Override
  public void close() {
    process.destroy();
    if (!process
        .onExit()
        .completeOnTimeout(null, 15, TimeUnit.SECONDS)
        .handle(this::ended)
        .join()) {
      kill();
    }
  }

  private boolean ended(Process ended, Throwable error) {
    return ended != null;
  }

  /** The end of its log, for an error message. */
  public String logEnd() {
    return logEnd(log);
  }

  public static String logEnd(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
      return "; the end of " + log + ":\n  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "; its log " + log + " cannot be read";
    }
  }

  private Optional<String> readyLine() {
    try {
      String written = Files.readString(output, StandardCharsets.UTF_8);
      String whole = written.substring(0, written.lastIndexOf('\n') + 1);
      return whole.lines().filter(line -> line.startsWith(READY)).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + output, e);
    }
  }
}
