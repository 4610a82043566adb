package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes batches one after the other, in a thread of its own, so that the next batch is gathered
 * and read while the database works on the one before. At most one is being written; used by one
 * thread.
 */
final class BatchQueue implements AutoCloseable {
  private static final int CLOSE_SECONDS = 10;

  private final BatchWriter writer;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(BatchQueue::thread);
  private @Nullable Future<BatchResult> writing;

  BatchQueue(BatchWriter writer) {
    this.writer = writer;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "millrace-warehouse");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins to write a batch, once the one before it is written.
   *
   * @return what became of the one before it, or null if there was none
   * @throws WarehouseException if the one before cannot be written; this one is not begun
   */
  @Nullable BatchResult begin(List<ChangeEvent> events) {
    ReadBatch batch = writer.read(events);
    BatchResult before = finish();
    writing = thread.submit(() -> writer.write(batch));
    return before;
  }

  /**
   * Waits for the batch that is being written.
   *
   * @return what became of it, or null if there is none
   * @throws WarehouseException if it cannot be written
   */
  @Nullable BatchResult finish() {
    Future<BatchResult> awaited = writing;
    writing = null;
    try {
      return awaited == null ? null : awaited.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch was written", e);
    }
  }

  /** Gives up what is being written. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writer.close();
  }
}
