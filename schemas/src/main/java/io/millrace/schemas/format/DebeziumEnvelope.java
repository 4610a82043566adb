package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.image.ImageReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What one pass over a Debezium record finds; used again for record after record. */
final class DebeziumEnvelope {
  private static final byte[] SCHEMA = "{\"schema\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PAYLOAD = ",\"payload\":".getBytes(StandardCharsets.UTF_8);

  private final ConnectSchemas schemas;
  private final Slice before = new Slice();
  private final Slice after = new Slice();
  private final DebeziumKey key;
  private final DebeziumSource source = new DebeziumSource();
  private final DebeziumDocument document = new DebeziumDocument();
  private final EnvelopeScanner scanner = new EnvelopeScanner(before, after, source);
  private byte[] buffer = new byte[0];
  private ImageEncoding encoding = ImageEncoding.DEBEZIUM;
  private byte @Nullable [] textValue;
  private boolean tombstone;
  private boolean transactionMarker;
  private boolean schemaChange;
  private @Nullable String operation;
  private @Nullable String transaction;
  private long totalOrder;
  private long capturedAt = ChangeEvent.NO_TIME;
  private @Nullable ImageReader checkedBy;

  DebeziumEnvelope(ConnectSchemas schemas) {
    this.schemas = schemas;
    this.key = new DebeziumKey(schemas);
  }

  void clear() {
    key.clear();
    clearValue();
  }

  private void clearValue() {
    before.clear();
    after.clear();
    source.clear();
    document.clear();
    encoding = ImageEncoding.DEBEZIUM;
    textValue = null;
    tombstone = false;
    transactionMarker = false;
    schemaChange = false;
    operation = null;
    transaction = null;
    totalOrder = 0;
    capturedAt = ChangeEvent.NO_TIME;
    checkedBy = null;
  }

  /** Expects rows that this reader reads; rows of another are taken as well. */
  void expect(@Nullable ImageReader reader) {
    scanner.expect(reader);
  }

  /** The key that came with the message; a line's own key goes before it. */
  DebeziumKey key() {
    return key;
  }

  /** Reads a record's value. */
  void read(byte[] bytes, int start, int length) throws IOException {
    readValue(bytes, start, length);
    if (textValue != null) {
      byte[] inner = textValue;
      clearValue();
      readValue(inner, 0, inner.length);
    }
  }

  private void readValue(byte[] bytes, int start, int length) throws IOException {
    buffer = bytes;
    int end = start + length;
    int payload = payloadAfterKnownSchema(start, end);
    if (scanner.scan(bytes, payload < 0 ? start : payload, end, payload >= 0)) {
      operation = scanner.operation();
      transaction = scanner.transaction();
      totalOrder = scanner.totalOrder();
      capturedAt = scanner.capturedAt();
      checkedBy = scanner.checkedBy();
      return;
    }
    before.clear();
    after.clear();
    source.clear();
    try (JsonParser parser =
        payload < 0
            ? Json.parser(bytes, start, length)
            : Json.parser(bytes, payload, end - payload)) {
      readRoot(parser, payload < 0 ? start : payload);
      if (payload >= 0) {
        Json.requireOnlyBrace(
            buffer, payload + (int) parser.currentLocation().getByteOffset(), end);
      } else if (parser.nextToken() != null) {
        throw new RejectedRecordException(
            Reason.MALFORMED, "not one JSON object: more follows it in the record");
      }
    }
  }

  /** Where the payload begins if the value opens with a schema block seen before, or -1. */
  private int payloadAfterKnownSchema(int start, int end) {
    if (!startsWith(SCHEMA, start, end)) {
      return -1;
    }
    int schema = start + SCHEMA.length;
    ConnectSchemas.Known known = schemas.startingAt(buffer, schema, end);
    if (known == null || !startsWith(PAYLOAD, schema + known.length(), end)) {
      return -1;
    }
    encoding = known.encoding();
    return schema + known.length() + PAYLOAD.length;
  }

  private boolean startsWith(byte[] prefix, int start, int end) {
    return start + prefix.length <= end
        && Arrays.equals(buffer, start, start + prefix.length, prefix, 0, prefix.length);
  }

  private void readRoot(JsonParser parser, int base) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      tombstone = true;
    } else if (token == JsonToken.START_OBJECT) {
      readFields(parser, base);
    } else {
      throw new RejectedRecordException(Reason.MALFORMED, "not a JSON object");
    }
  }

  private void readFields(JsonParser parser, int base) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (name) {
        case "before" -> readImage(parser, token, base, before, document::setBefore);
        case "after" -> readImage(parser, token, base, after, document::setAfter);
        case "patch" -> document.readPatch(parser);
        case "filter" -> document.readFilter(parser);
        case "updateDescription" -> document.readUpdate(parser);
        case "source" -> source.read(parser);
        case "op" -> operation = Json.scalar(parser);
        case "ts_ms" -> readTime(parser, token);
        case "transaction" -> readTransaction(parser, token);
        case "schema" -> readSchema(parser, token, base);
        case "payload", "value" -> readNested(parser, token, base);
        case "key" -> key.read(parser, buffer, base);
        case "status" -> transactionMarker = Json.scalar(parser) != null;
        case "ddl", "tableChanges" -> {
          schemaChange = true;
          parser.skipChildren();
        }
        default -> parser.skipChildren();
      }
    }
  }

  /** Takes an image: an object, or the text that a document is. */
  private static void readImage(
      JsonParser parser, JsonToken token, int base, Slice image, Consumer<String> document)
      throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      document.accept(parser.getText());
    } else {
      image.take(parser, base);
    }
  }

  private void readTime(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT) {
      capturedAt = Micros.orNoTime(parser.getLongValue());
    } else {
      parser.skipChildren();
    }
  }

  private void readTransaction(JsonParser parser, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("id") && value.isScalarValue()) {
        transaction = parser.getText();
      } else if (name.equals("total_order") && value == JsonToken.VALUE_NUMBER_INT) {
        totalOrder = parser.getLongValue();
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readSchema(JsonParser parser, JsonToken token, int base) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      Slice schema = new Slice();
      schema.take(parser, base);
      encoding = schemas.read(buffer, schema.start(), schema.length()).encoding();
    } else {
      parser.skipChildren();
    }
  }

  private void readNested(JsonParser parser, JsonToken token, int base) throws IOException {
    switch (token) {
      case VALUE_NULL -> tombstone = true;
      case START_OBJECT -> readFields(parser, base);
      case VALUE_STRING -> textValue = parser.getText().getBytes(StandardCharsets.UTF_8);
      default ->
          throw new RejectedRecordException(
              Reason.MALFORMED, "the value is neither a JSON object nor text that holds one");
    }
  }

  @Nullable Image before() {
    return image(before);
  }

  @Nullable Image after() {
    return image(after);
  }

  /** The reader that has checked {@link #after()} already and holds its columns, if any. */
  @Nullable ImageReader checkedBy() {
    return checkedBy;
  }

  private @Nullable Image image(Slice slice) {
    return slice.isPresent() ? Image.of(buffer, slice.start(), slice.length(), encoding) : null;
  }

  DebeziumSource source() {
    return source;
  }

  /** What the event says of a document, if it is about one. */
  DebeziumDocument document() {
    return document;
  }

  boolean isTombstone() {
    return tombstone;
  }

  /** Why an event without an operation is none, or null if it should have had one. */
  @Nullable Control controlWithoutOperation() {
    if (transactionMarker) {
      return Control.TRANSACTION;
    }
    if (schemaChange) {
      return Control.SCHEMA_CHANGE;
    }
    boolean nothingElse = !before.isPresent() && !after.isPresent() && !source.hasTable();
    return nothingElse && capturedAt != ChangeEvent.NO_TIME ? Control.HEARTBEAT : null;
  }

  @Nullable String operation() {
    return operation;
  }

  @Nullable String transaction() {
    return transaction == null ? source.transaction() : transaction;
  }

  /** The event's order in its transaction, or 0 where it is not told. */
  long totalOrder() {
    return totalOrder;
  }

  /** When Debezium read the change, in microseconds, or {@link ChangeEvent#NO_TIME}. */
  long capturedAt() {
    return capturedAt;
  }
}
