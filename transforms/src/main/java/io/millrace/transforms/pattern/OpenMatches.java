package io.millrace.transforms.pattern;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.time.KeyEvent;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The matches of a key that have begun, by their first events. Encoded: a version byte; the number
 * of their events, and of each its time (a zigzag varint) and bytes; the number of matches, and of
 * each how many events it has and their places, from 0, among the events.
 */
final class OpenMatches {
  private static final int VERSION = 1;

  /** Each match is its events, one for each step that it has taken. */
  private final List<List<KeyEvent>> matches = new ArrayList<>();

  List<List<KeyEvent>> matches() {
    return matches;
  }

  /** Null if there are none. */
  byte @Nullable [] encode() {
    if (matches.isEmpty()) {
      return null;
    }
    IdentityHashMap<KeyEvent, Integer> places = new IdentityHashMap<>();
    List<KeyEvent> events = new ArrayList<>();
    for (List<KeyEvent> match : matches) {
      for (KeyEvent event : match) {
        if (places.putIfAbsent(event, events.size()) == null) {
          events.add(event);
        }
      }
    }
    ByteWriter bytes = new ByteWriter(256);
    bytes.writeByte(VERSION);
    bytes.writeVarint(events.size());
    for (KeyEvent event : events) {
      bytes.writeZigzag(event.timestamp());
      bytes.writeBytes(event.bytes());
    }
    bytes.writeVarint(matches.size());
    for (List<KeyEvent> match : matches) {
      bytes.writeVarint(match.size());
      match.forEach(event -> bytes.writeVarint(places.get(event)));
    }
    return bytes.toByteArray();
  }

  /**
   * Decodes what was encoded.
   *
   * @throws IllegalStateException if it is of a version that this code does not know
   */
  static OpenMatches decode(byte @Nullable [] encoded) {
    OpenMatches open = new OpenMatches();
    if (encoded == null) {
      return open;
    }
    ByteReader bytes = new ByteReader(encoded);
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "Open matches have version " + version + ", which is newer than this code");
    }
    KeyEvent[] events = new KeyEvent[bytes.readLength()];
    for (int i = 0; i < events.length; i++) {
      events[i] = new KeyEvent(bytes.readZigzag(), bytes.readBytes());
    }
    for (int left = bytes.readLength(); left > 0; left--) {
      List<KeyEvent> match = new ArrayList<>();
      for (int taken = bytes.readLength(); taken > 0; taken--) {
        match.add(events[bytes.readLength()]);
      }
      open.matches.add(match);
    }
    return open;
  }
}
