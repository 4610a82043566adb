package io.millrace.testdata.demo;

import io.millrace.testdata.ServiceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits, and ends with an error when this thread is interrupted. */
final class Waiting {
  private static final CompletableFuture<Void> NEVER = new CompletableFuture<>();

  /** Lets some time pass. */
  static void pass(Duration time) {
    on(NEVER, time);
  }

  /**
   * Waits for the end of something; false when the time is up before.
   *
   * @throws ServiceException if it failed
   */
  static boolean on(CompletableFuture<Void> future, Duration limit) {
    try {
      future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new ServiceException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted", e);
    }
  }

  private Waiting() {}
}
