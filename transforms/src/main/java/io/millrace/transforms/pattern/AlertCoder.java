package io.millrace.transforms.pattern;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.joda.time.Instant;

/**
 * Encodes an {@link Alert}: as bytes with their length, a version byte, rule, key, id, start and
 * end in milliseconds since 1970 (zigzag varints), the number of measures and of each its name and
 * bits, the number of events and of each its stage and time; then the events themselves.
 */
public final class AlertCoder<T> extends CustomCoder<Alert<T>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final Coder<T> eventCoder;

  private AlertCoder(Coder<T> eventCoder) {
    this.eventCoder = eventCoder;
  }

  public static <T> AlertCoder<T> of(Coder<T> eventCoder) {
    return new AlertCoder<>(eventCoder);
  }

  @Override
  public void encode(Alert<T> alert, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(256);
    bytes.writeByte(VERSION);
    bytes.writeText(alert.rule());
    bytes.writeText(alert.key());
    bytes.writeText(alert.id());
    bytes.writeZigzag(alert.start().getMillis());
    bytes.writeZigzag(alert.end().getMillis());
    bytes.writeVarint(alert.measures().size());
    alert
        .measures()
        .forEach(
            (name, value) -> {
              bytes.writeText(name);
              bytes.writeLong(Double.doubleToLongBits(value));
            });
    bytes.writeVarint(alert.events().size());
    for (MatchedEvent<T> event : alert.events()) {
      bytes.writeText(event.stage());
      bytes.writeZigzag(event.timestamp().getMillis());
    }
    BYTES.encode(bytes.toByteArray(), out);
    for (MatchedEvent<T> event : alert.events()) {
      eventCoder.encode(event.event(), out);
    }
  }

  @Override
  public Alert<T> decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("An alert of version " + version + " is newer than this code");
    }
    String rule = bytes.readText();
    String key = bytes.readText();
    String id = bytes.readText();
    Instant start = Instant.ofEpochMilli(bytes.readZigzag());
    Instant end = Instant.ofEpochMilli(bytes.readZigzag());
    TreeMap<String, Double> measures = new TreeMap<>();
    for (int left = bytes.readLength(); left > 0; left--) {
      measures.put(bytes.readText(), Double.longBitsToDouble(bytes.readLong()));
    }
    int count = bytes.readLength();
    List<MatchedEvent<T>> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String stage = bytes.readText();
      Instant timestamp = Instant.ofEpochMilli(bytes.readZigzag());
      events.add(MatchedEvent.of(stage, timestamp, eventCoder.decode(in)));
    }
    return Alert.of(
        rule,
        key,
        id,
        Collections.unmodifiableList(events),
        start,
        end,
        Collections.unmodifiableSortedMap(measures));
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(eventCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    eventCoder.verifyDeterministic();
  }

  @Override
  public boolean consistentWithEquals() {
    return eventCoder.consistentWithEquals();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AlertCoder<?> that && eventCoder.equals(that.eventCoder);
  }

  @Override
  public int hashCode() {
    return 41 + eventCoder.hashCode();
  }
}
