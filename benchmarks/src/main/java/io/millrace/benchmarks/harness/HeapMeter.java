package io.millrace.benchmarks.harness;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Counts what this JVM allocates on its heap: what was in use before each collection less what the
 * one before left. Threads come and go in a run, so their own counters would lose theirs.
 */
final class HeapMeter {
  private final Set<String> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition noted = lock.newCondition();
  private long allocated;
  private long left;
  private long collections;

  HeapMeter() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, handback) ->
                  note(
                      GarbageCollectionNotificationInfo.from(
                              (CompositeData) notification.getUserData())
                          .getGcInfo()),
              notification ->
                  notification
                      .getType()
                      .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
              null);
    }
  }

  private void note(GcInfo collection) {
    lock.lock();
    try {
      allocated += Math.max(0, used(collection.getMemoryUsageBeforeGc()) - left);
      left = used(collection.getMemoryUsageAfterGc());
      collections++;
      noted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long used(Map<String, MemoryUsage> usage) {
    return pools.stream().mapToLong(pool -> usage.get(pool).getUsed()).sum();
  }

  /** Collects all garbage, and says how much is left. */
  long collect() throws InterruptedException {
    lock.lock();
    try {
      long before = collections;
      System.gc();
      while (collections == before) {
        if (!noted.await(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException(
              "the collector does not answer to System.gc(); run without -XX:+DisableExplicitGC");
        }
      }
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** All that was allocated up to the last collection. */
  long allocated() {
    lock.lock();
    try {
      return allocated;
    } finally {
      lock.unlock();
    }
  }
}
