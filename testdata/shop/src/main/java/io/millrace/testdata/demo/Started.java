package io.millrace.testdata.demo;

import io.millrace.testdata.ServiceException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was started and is to be stopped again, the last first. For any thread. */
final class Started implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;

  /**
   * Takes care of it from now on; if all was stopped already, by stopping it.
   *
   * @throws ServiceException if all was stopped already
   */
  <T extends AutoCloseable> T keep(T closeable) {
    synchronized (started) {
      if (!closed) {
        started.push(closeable);
        return closeable;
      }
    }
    close(closeable);
    throw new ServiceException("interrupted");
  }

  /** Stops all that was started; a second call does nothing. */
  @Override
  public void close() {
    AutoCloseable next = next();
    while (next != null) {
      close(next);
      next = next();
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // The others must stop too; what is left ends with this JVM.
      System.err.println("while stopping: " + e.getMessage());
    }
  }

  private AutoCloseable next() {
    synchronized (started) {
      closed = true;
      return started.poll();
    }
  }
}
