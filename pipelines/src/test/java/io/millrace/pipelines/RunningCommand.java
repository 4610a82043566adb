package io.millrace.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.PipelineResult;

/** A command line that goes on until it is stopped, in a thread of this JVM. */
public final class RunningCommand implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final CompletableFuture<PipelineResult> started = new CompletableFuture<>();
  private final CompletableFuture<CommandLine> ended = new CompletableFuture<>();

  private boolean closed;

  private RunningCommand() {}

  /** Begins it; it takes a while until its pipeline runs. */
  public static RunningCommand start(TestRunner runner, String... arguments) {
    RunningCommand command = new RunningCommand();
    Thread thread =
        new Thread(
            () -> command.run(runner, arguments), arguments[0] + "-" + COUNT.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    return command;
  }

  private void run(TestRunner runner, String... arguments) {
    String job = Thread.currentThread().getName();
    try {
      ended.complete(CommandLine.run(UnattendedRunner.setup(runner, job, started), arguments));
    } catch (RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  /**
   * Looks again and again, as long as the test may take.
   *
   * @throws AssertionError if the command ends
   */
  public void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      try {
        CommandLine line = ended.get(50, TimeUnit.MILLISECONDS);
        throw new AssertionError("it ended with " + line.exitCode() + ": " + line.err());
      } catch (TimeoutException e) {
        // It goes on.
      }
    }
  }

  /** Stops its pipeline, once it runs; it ends soon after. */
  @Override
  public void close() {
    CompletableFuture.anyOf(started, ended).join();
    if (!ended.isDone() && !closed) {
      closed = true;
      try {
        started.join().cancel();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
