package io.millrace.transforms.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.format.ChangeFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Function;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Dead letters as lines of JSON, for people to read and for programs to send again.
 *
 * <p>{@code reason}, {@code stage}, {@code message} and {@code table} are text. {@code origin} has
 * {@code source}, {@code partition} (null for a file), {@code offset} and {@code line} (null where
 * unknown); {@code originText} says the same in short. {@code recordKey} and {@code record} are the
 * received bytes as text, or, where they are not UTF-8, {@code recordKeyBase64} and {@code
 * recordBase64}. {@code format}, {@code positionEpoch} and {@code receivedAt} say how and when the
 * record was read; letters that were written before these were kept lack them. {@code position} and
 * {@code key} are the change's, in hexadecimal digits, and {@code change} is the change itself in
 * Base64, as {@link ChangeEventCoder} encodes it. Times are in ISO 8601. What there is not is null.
 */
public final class DeadLetters {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();
  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  /** The files that {@link WriteDeadLetters} wrote to a directory, as a glob. */
  public static String filesIn(String directory) {
    return DeadLetterFiles.resource(directory) + "stage=*/date=*/*.jsonl";
  }

  /** The dead letter as one line of JSON in UTF-8, without its line feed. */
  public static byte[] toJson(DeadLetter letter) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = FACTORY.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("reason", letter.reason().name());
      json.writeStringField("stage", letter.stage().name());
      json.writeStringField("message", letter.message());
      json.writeStringField("table", letter.table());
      write(json, letter.origin());
      write(json, "recordKey", letter.recordKey());
      write(json, "record", letter.record());
      writeReading(json, letter);
      Position position = letter.position();
      json.writeStringField("position", position == null ? null : position.toHex());
      write(json, letter.change());
      json.writeStringField("rejectedAt", time(letter.rejectedAtMillis()));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toByteArray();
  }

  private static void write(JsonGenerator json, Origin origin) throws IOException {
    json.writeObjectFieldStart("origin");
    json.writeStringField("source", origin.source());
    json.writeFieldName("partition");
    json.writeObject(origin.isFile() ? null : origin.partition());
    json.writeNumberField("offset", origin.offset());
    json.writeFieldName("line");
    json.writeObject(origin.line() == Origin.NO_LINE ? null : origin.line());
    json.writeEndObject();
    json.writeStringField("originText", origin.toString());
  }

  private static void writeReading(JsonGenerator json, DeadLetter letter) throws IOException {
    ChangeFormat format = letter.format();
    json.writeStringField("format", format == null ? null : format.name());
    json.writeFieldName("positionEpoch");
    json.writeObject(letter.positionEpoch());
    Long receivedAt = letter.receivedAtMillis();
    json.writeStringField("receivedAt", receivedAt == null ? null : time(receivedAt));
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static void write(JsonGenerator json, String name, byte @Nullable [] bytes)
      throws IOException {
    String text = bytes == null ? null : text(bytes);
    json.writeStringField(name, text);
    if (bytes != null && text == null) {
      json.writeBinaryField(name + "Base64", bytes);
    }
  }

  private static void write(JsonGenerator json, @Nullable ChangeEvent change) throws IOException {
    json.writeStringField("key", change == null ? null : change.key().toString());
    json.writeFieldName("change");
    if (change == null) {
      json.writeNull();
    } else {
      json.writeBinary(CoderUtils.encodeToByteArray(ChangeEventCoder.of(), change));
    }
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * The dead letter that a line holds.
   *
   * @throws IllegalArgumentException if the line is not one that {@link #toJson} wrote
   */
  public static DeadLetter parse(String line) {
    try {
      JsonNode json = MAPPER.readTree(line);
      JsonNode origin = json.required("origin");
      byte[] change = json.required("change").binaryValue();
      return DeadLetter.builder()
          .setReason(Reason.valueOf(json.required("reason").asText()))
          .setStage(DeadLetter.Stage.valueOf(json.required("stage").asText()))
          .setMessage(json.required("message").asText())
          .setTable(json.required("table").textValue())
          .setOrigin(
              Origin.of(
                  origin.required("source").asText(),
                  origin.required("partition").asInt(Origin.NO_PARTITION),
                  origin.required("offset").asLong(),
                  origin.required("line").asLong(Origin.NO_LINE)))
          .setPosition(position(json))
          .setRecordKey(bytes(json, "recordKey"))
          .setRecord(bytes(json, "record"))
          .setFormat(optional(json, "format", ChangeFormat::valueOf))
          .setPositionEpoch(optional(json, "positionEpoch", Integer::valueOf))
          .setReceivedAtMillis(
              optional(json, "receivedAt", text -> Instant.parse(text).toEpochMilli()))
          .setChange(
              change == null ? null : CoderUtils.decodeFromByteArray(ChangeEventCoder.of(), change))
          .setRejectedAtMillis(Instant.parse(json.required("rejectedAt").asText()).toEpochMilli())
          .build();
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("Not a dead letter: " + e.getMessage(), e);
    }
  }

  private static @Nullable Position position(JsonNode json) {
    String hex = json.required("position").textValue();
    return hex == null ? null : Position.ofHex(hex);
  }

  /** A field that old letters lack. */
  private static <T> @Nullable T optional(JsonNode json, String name, Function<String, T> parse) {
    JsonNode field = json.path(name);
    return field.isMissingNode() || field.isNull() ? null : parse.apply(field.asText());
  }

  private static byte @Nullable [] bytes(JsonNode json, String name) throws IOException {
    String text = json.required(name).textValue();
    if (text != null) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    return json.path(name + "Base64").binaryValue();
  }

  private DeadLetters() {}
}
