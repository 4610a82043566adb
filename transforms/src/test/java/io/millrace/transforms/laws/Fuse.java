package io.millrace.transforms.laws;

import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a worker fail, once, when so many changes have passed. */
final class Fuse implements Serializable {
  private static final long serialVersionUID = 1L;

  /** One that never blows. */
  static final Fuse NONE = new Fuse("");

  /** All workers are in this JVM. */
  private static final Map<String, AtomicLong> LEFT = new ConcurrentHashMap<>();

  private final String name;

  private Fuse(String name) {
    this.name = name;
  }

  static Fuse after(long changes) {
    Fuse fuse = new Fuse(UUID.randomUUID().toString());
    LEFT.put(fuse.name, new AtomicLong(changes));
    return fuse;
  }

  void pass() {
    AtomicLong left = LEFT.get(name);
    if (left != null && left.decrementAndGet() == 0) {
      throw new IllegalStateException("a worker fails, as the test wants it");
    }
  }

  boolean hasBlown() {
    AtomicLong left = LEFT.get(name);
    return left != null && left.get() <= 0;
  }
}
