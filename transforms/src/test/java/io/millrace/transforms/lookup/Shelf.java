package io.millrace.transforms.lookup;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.KV;

/**
 * A table of a test's own, in memory: the keys 0 to 99, all with the number of the load as their
 * row.
 *
 * @param name of the test that has it
 */
record Shelf(String name) implements TableSource<Integer, String> {
  private static final long serialVersionUID = 1L;
  private static final Map<String, Contents> CONTENTS = new ConcurrentHashMap<>();
  static final int ROWS = 100;

  /** What is behind a name, in this JVM. */
  static final class Contents {
    final AtomicInteger loads = new AtomicInteger();
    final CountDownLatch mayLoad = new CountDownLatch(1);
    volatile int failsFrom = Integer.MAX_VALUE;
    volatile int growsFrom = Integer.MAX_VALUE;
    volatile int repeatsFrom = Integer.MAX_VALUE;
  }

  /** A table that is there from the beginning. */
  static Shelf open(String name) {
    Shelf shelf = closed(name);
    shelf.contents().mayLoad.countDown();
    return shelf;
  }

  /** A table of which the load waits until it is opened. */
  static Shelf closed(String name) {
    CONTENTS.put(name, new Contents());
    return new Shelf(name);
  }

  Contents contents() {
    return CONTENTS.get(name);
  }

  @Override
  public void read(Consumer<KV<Integer, String>> rows) throws InterruptedException {
    Contents contents = contents();
    if (!contents.mayLoad.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the shelf was never opened");
    }
    int load = contents.loads.incrementAndGet();
    int count = load >= contents.growsFrom ? ROWS * 2 : ROWS;
    for (int key = 0; key < count; key++) {
      if (load >= contents.failsFrom && key == ROWS / 2) {
        throw new IllegalStateException("the shelf broke");
      }
      rows.accept(KV.of(load >= contents.repeatsFrom ? key / 2 : key, "load " + load));
    }
  }

  @Override
  public String toString() {
    return "the shelf " + name;
  }
}
