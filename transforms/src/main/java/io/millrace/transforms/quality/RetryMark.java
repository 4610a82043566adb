package io.millrace.transforms.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What became of a dead letter that was sent again.
 *
 * @param id which letter
 * @param stage where the letter was stopped first
 * @param table the letter's table, where known
 * @param done whether it went through, and so is not sent again
 * @param reason why it failed the last time
 * @param message what exactly was wrong the last time; null once it is done
 * @param attempts how many times it was sent again
 * @param retriedAtMillis when it was last read to be sent, in milliseconds since the epoch
 */
public record RetryMark(
    String id,
    DeadLetter.Stage stage,
    @Nullable String table,
    boolean done,
    Reason reason,
    @Nullable String message,
    int attempts,
    long retriedAtMillis) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The mark of a letter that is being sent again, should nothing stop it. */
  static RetryMark of(DeadLetter letter, String id, @Nullable RetryMark before) {
    return new RetryMark(
        id,
        letter.stage(),
        letter.table(),
        true,
        before == null ? letter.reason() : before.reason(),
        null,
        before == null ? 1 : before.attempts() + 1,
        System.currentTimeMillis());
  }

  /** Not of an attempt, but of a change that the sink refused while letters were sent again. */
  static RetryMark refusal(DeadLetter refused) {
    return new RetryMark(
        LetterId.of(refused),
        refused.stage(),
        refused.table(),
        false,
        refused.reason(),
        refused.message(),
        0,
        refused.rejectedAtMillis());
  }

  boolean isRefusal() {
    return attempts == 0;
  }

  /** The mark of the same attempt, but that it failed. */
  RetryMark failed(Reason newReason, @Nullable String newMessage) {
    return new RetryMark(id, stage, table, false, newReason, newMessage, attempts, retriedAtMillis);
  }

  /**
   * What became of a letter: nothing yet, if it was rejected anew since it was last sent again, as
   * when the warehouse was rebuilt and the log read once more.
   */
  static @Nullable RetryMark about(DeadLetter letter, Map<String, RetryMark> marks, String id) {
    RetryMark mark = marks.get(id);
    return mark == null || letter.rejectedAtMillis() > mark.retriedAtMillis ? null : mark;
  }

  /** Of two marks of one letter the one that counts: the later. */
  static RetryMark latest(RetryMark one, RetryMark other) {
    if (one.retriedAtMillis != other.retriedAtMillis) {
      return one.retriedAtMillis > other.retriedAtMillis ? one : other;
    }
    return one.done ? one : other;
  }

  /** One line of JSON, without its line feed. */
  String toJson() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", id);
    json.put("done", done);
    json.put("attempts", attempts);
    json.put("stage", stage.name());
    json.put("table", table);
    json.put("reason", reason.name());
    json.put("message", message);
    json.put("retriedAt", Instant.ofEpochMilli(retriedAtMillis).toString());
    return json.toString();
  }

  /**
   * The mark that a line holds.
   *
   * @throws IllegalArgumentException if it holds none
   */
  static RetryMark parse(String line) {
    try {
      JsonNode json = MAPPER.readTree(line);
      return new RetryMark(
          json.required("id").asText(),
          DeadLetter.Stage.valueOf(json.required("stage").asText()),
          json.required("table").textValue(),
          json.required("done").asBoolean(),
          Reason.valueOf(json.required("reason").asText()),
          json.required("message").textValue(),
          json.required("attempts").asInt(),
          Instant.parse(json.required("retriedAt").asText()).toEpochMilli());
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("Not a mark of a dead letter: " + e.getMessage(), e);
    }
  }
}
