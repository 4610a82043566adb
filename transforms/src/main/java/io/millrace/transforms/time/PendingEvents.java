package io.millrace.transforms.time;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The events of a bucket that wait for the watermark, and the turns that their keys asked for. Keys
 * are their bytes as Latin-1.
 */
final class PendingEvents {
  /** An event of a key, or, without bytes, a turn. */
  private record Pending(long timestamp, String key, @Nullable KeyEvent event) {}

  private final PriorityQueue<Pending> queue =
      new PriorityQueue<>(Comparator.comparingLong(Pending::timestamp));

  void add(String key, KeyEvent event) {
    queue.add(new Pending(event.timestamp(), key, event));
  }

  /** Asks for a turn once the watermark has passed this time. */
  void addTurn(String key, long timestamp) {
    queue.add(new Pending(timestamp, key, null));
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** The time of the first. */
  long earliest() {
    return queue.element().timestamp();
  }

  /** Takes out what is before the watermark: by key, in order; empty lists are turns. */
  Map<String, List<KeyEvent>> release(long watermark) {
    Map<String, List<KeyEvent>> released = new LinkedHashMap<>();
    while (!queue.isEmpty() && earliest() < watermark) {
      Pending pending = queue.remove();
      List<KeyEvent> events = released.computeIfAbsent(pending.key(), key -> new ArrayList<>());
      if (pending.event() != null) {
        events.add(pending.event());
      }
    }
    released.values().forEach(events -> events.sort(KeyEvent.ORDER));
    return released;
  }

  void encode(ByteWriter bytes) {
    bytes.writeVarint(queue.size());
    for (Pending pending : queue) {
      bytes.writeZigzag(pending.timestamp());
      bytes.writeBytes(pending.key().getBytes(StandardCharsets.ISO_8859_1));
      bytes.writeByte(pending.event() == null ? 0 : 1);
      if (pending.event() != null) {
        bytes.writeBytes(pending.event().bytes());
      }
    }
  }

  static PendingEvents decode(ByteReader bytes) {
    PendingEvents events = new PendingEvents();
    int count = bytes.readLength();
    for (int i = 0; i < count; i++) {
      long timestamp = bytes.readZigzag();
      String key = new String(bytes.readBytes(), StandardCharsets.ISO_8859_1);
      if (bytes.readByte() == 0) {
        events.addTurn(key, timestamp);
      } else {
        events.add(key, new KeyEvent(timestamp, bytes.readBytes()));
      }
    }
    return events;
  }
}
