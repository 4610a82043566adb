package io.millrace.transforms.oracle;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/** What pipelines bring out in this JVM, by name. */
public final class Gathered {
  private static final Map<String, Queue<Object>> QUEUES = new ConcurrentHashMap<>();

  /** Gathers a pipeline's elements under a name. */
  public static <T> ParDo.SingleOutput<T, Void> as(String name) {
    return ParDo.of(new GatherFn<T>(name));
  }

  /** Takes what was gathered under a name. */
  @SuppressWarnings("unchecked") // as they were gathered
  public static <T> List<T> take(String name) {
    Queue<Object> queue = QUEUES.remove(name);
    return queue == null ? List.of() : queue.stream().map(element -> (T) element).toList();
  }

  /** Forgets what was not taken, as by a test that failed. */
  public static void clear() {
    QUEUES.clear();
  }

  private static final class GatherFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final String name;

    GatherFn(String name) {
      this.name = name;
    }

    @ProcessElement
    public void process(@Element T element) {
      QUEUES.computeIfAbsent(name, key -> new ConcurrentLinkedQueue<>()).add(element);
    }
  }

  private Gathered() {}
}
