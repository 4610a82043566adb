package io.millrace.pipelines.audit;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks both sides at once, each one thing at a time. */
final class BothSides implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "audit");
            thread.setDaemon(true);
            return thread;
          });

  /** A question to one side. */
  interface Question<T> {
    T ask() throws SQLException;
  }

  /** What both sides answered. */
  record Answers<T>(T first, T second) {}

  /** The answers of both. Fails, once both are done, if one of them does. */
  <T> Answers<T> ask(Question<T> first, Question<T> second)
      throws SQLException, InterruptedException {
    Future<T> one = threads.submit(first::ask);
    Future<T> other = threads.submit(second::ask);
    try {
      return new Answers<>(one.get(), other.get());
    } catch (ExecutionException e) {
      awaitQuietly(other);
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void awaitQuietly(Future<?> other) throws InterruptedException {
    try {
      other.get();
    } catch (ExecutionException e) {
      // The first failure is the one that is told.
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
