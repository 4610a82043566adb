package io.millrace.transforms.pattern;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.time.KeyEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Makes a rule's alerts of the events that it matched. */
final class AlertMaker<T> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ID_BYTES = 16;

  /** The number of the form of ids; one that is changed names all alerts anew. */
  private static final int ID_VERSION = 1;

  private final String rule;
  private final Coder<T> coder;
  private final @Nullable SerializableFunction<T, String> eventId;

  AlertMaker(String rule, Coder<T> coder, @Nullable SerializableFunction<T, String> eventId) {
    this.rule = rule;
    this.coder = coder;
    this.eventId = eventId;
  }

  T decode(KeyEvent event) {
    try {
      return coder.decode(new ByteArrayInputStream(event.bytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("An event cannot be decoded by " + coder, e);
    }
  }

  /**
   * Makes an alert.
   *
   * @param key as text's coder encodes it
   * @param stages the stage of each event
   * @param end in milliseconds since 1970
   */
  Alert<T> alert(
      byte[] key,
      List<String> stages,
      List<KeyEvent> events,
      long end,
      SortedMap<String, Double> measures) {
    String name = new ByteReader(key).readText();
    ByteWriter identity = new ByteWriter(256);
    identity.writeByte(ID_VERSION);
    identity.writeText(rule);
    identity.writeText(name);
    List<MatchedEvent<T>> matched = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      KeyEvent event = events.get(i);
      T element = decode(event);
      matched.add(MatchedEvent.of(stages.get(i), Instant.ofEpochMilli(event.timestamp()), element));
      identity.writeText(stages.get(i));
      if (eventId == null) {
        identity.writeZigzag(event.timestamp());
        identity.writeBytes(event.bytes());
      } else {
        identity.writeText(eventId.apply(element));
      }
    }
    return Alert.of(
        rule,
        name,
        digest(identity.toByteArray()),
        Collections.unmodifiableList(matched),
        matched.get(0).timestamp(),
        Instant.ofEpochMilli(end),
        measures);
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
