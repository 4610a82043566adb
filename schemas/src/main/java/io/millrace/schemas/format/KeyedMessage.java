package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A key and a value: a topic's record, or a line of a file, which is a whole message {@code
 * {"key":…,"value":…,"topic":…,"partition":…,"offset":…}} (all but {@code value} may be left out),
 * or else a value without a key. Used again for record after record.
 */
final class KeyedMessage {
  private static final Set<String> FIELDS =
      Set.of("key", "value", "topic", "partition", "offset", "timestamp", "headers");

  private final Slice key = new Slice();
  private final Slice value = new Slice();
  private byte[] keyBuffer = new byte[0];
  private byte[] valueBuffer = new byte[0];
  private boolean isLine;
  private @Nullable String topic;
  private long partition;
  private long offset;

  /** Takes the record's parts. */
  void read(RecordBlock.Cursor record) throws IOException {
    key.clear();
    value.clear();
    topic = null;
    partition = 0;
    offset = -1;
    keyBuffer = record.buffer();
    valueBuffer = record.buffer();
    Origin origin = record.origin();
    isLine = origin.isFile();
    if (!origin.isFile()) {
      topic = origin.source();
    }
    if (record.hasKey()) {
      key.set(record.keyStart(), record.keyLength());
    }
    if (record.hasValue() && record.valueLength() > 0) {
      value.set(record.valueStart(), record.valueLength());
      if (isLine && !record.hasKey() && isMessage()) {
        readMessage(record.buffer(), record.valueStart(), record.valueLength());
      }
    }
  }

  private boolean isMessage() throws IOException {
    boolean hasValue = false;
    try (JsonParser parser = Json.parser(valueBuffer, value.start(), value.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        if (!FIELDS.contains(parser.currentName())) {
          return false;
        }
        hasValue |= parser.currentName().equals("value");
        parser.nextToken();
        parser.skipChildren();
      }
    }
    return hasValue;
  }

  private void readMessage(byte[] line, int start, int length) throws IOException {
    try (JsonParser parser = Json.parser(line, start, length)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "key" -> keyBuffer = part(parser, token, key, line, start);
          case "value" -> valueBuffer = part(parser, token, value, line, start);
          case "topic" -> topic = Json.scalar(parser);
          case "partition" -> partition = EnvelopeReader.number(parser, 0);
          case "offset" -> offset = EnvelopeReader.number(parser, -1);
          default -> parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new RejectedRecordException(
            Reason.MALFORMED, "not one JSON object: more follows it in the line");
      }
    }
  }

  /** Sets a part, which may be text that holds it, and gives the array that it is a slice of. */
  private static byte[] part(JsonParser parser, JsonToken token, Slice part, byte[] line, int base)
      throws IOException {
    if (token.isStructStart() || token == JsonToken.VALUE_NULL) {
      part.take(parser, base);
      return line;
    }
    byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
    part.set(0, text.length);
    return text;
  }

  /** Where the message stood in its topic, if that is known, else where its line stands. */
  Origin place(Origin origin) {
    return isLine && topic != null && offset >= 0
        ? Origin.ofTopic(topic, (int) partition, offset)
        : origin;
  }

  /** The topic, or null if it is not known. */
  @Nullable String topic() {
    return topic;
  }

  /** The key's place in {@link #keyBuffer()}. */
  Slice key() {
    return key;
  }

  byte[] keyBuffer() {
    return keyBuffer;
  }

  /** The value's place in {@link #valueBuffer()}; not present for a tombstone. */
  Slice value() {
    return value;
  }

  byte[] valueBuffer() {
    return valueBuffer;
  }
}
