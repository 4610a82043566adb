package io.millrace.transforms.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/** What pipelines without an end bring out in this JVM, by name. */
final class Collected {
  private static final Map<String, BlockingQueue<String>> QUEUES = new ConcurrentHashMap<>();

  /** Collects a pipeline's elements under a name. */
  static ParDo.SingleOutput<String, Void> as(String name) {
    return ParDo.of(new CollectFn(name));
  }

  /** Waits for so many elements, and takes them. */
  static List<String> take(String name, int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    String next = "";
    while (taken.size() < count && next != null) {
      next = queue(name).poll(60, TimeUnit.SECONDS);
      taken.add(next);
    }
    return taken;
  }

  private static BlockingQueue<String> queue(String name) {
    return QUEUES.computeIfAbsent(name, key -> new LinkedBlockingQueue<>());
  }

  private static final class CollectFn extends DoFn<String, Void> {
    private final String name;

    CollectFn(String name) {
      this.name = name;
    }

    @ProcessElement
    public void process(@Element String text) {
      queue(name).add(text);
    }
  }

  private Collected() {}
}
