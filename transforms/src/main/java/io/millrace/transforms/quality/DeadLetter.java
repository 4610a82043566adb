package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.format.ChangeFormat;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record, or a change parsed from one, that could not go on: with the reason, where it came from
 * and the original bytes, so that it can be looked at, mended and sent again. It holds whatever
 * personal data the record holds.
 */
@AutoValue
@DefaultCoder(DeadLetterCoder.class)
public abstract class DeadLetter {
  /** Where on its way a record was stopped; the names stand in dead letters and never change. */
  public enum Stage {
    /** It could not be parsed, or does not fit its contract. */
    PARSE,
    /** The warehouse refused it. */
    WAREHOUSE,
    /** A service gave no answer for it. */
    SERVICE,
    /** A join found no row for it. */
    JOIN
  }

  public abstract Reason reason();

  public abstract Stage stage();

  /** What exactly is wrong and, where there is one, the remedy. */
  public abstract String message();

  /** The table, {@code schema.table}, where known. */
  public abstract @Nullable String table();

  /** The place of the change in its source's order, where known. */
  public abstract @Nullable Position position();

  /** Where the record was read. */
  public abstract Origin origin();

  /** The record's key as received; null where it had none, or only the change is known. */
  @SuppressWarnings("mutable")
  public abstract byte @Nullable [] recordKey();

  /** The record as received; null where only the change is known. */
  @SuppressWarnings("mutable")
  public abstract byte @Nullable [] record();

  /** The format that the record was read in; null where only the change is known. */
  public abstract @Nullable ChangeFormat format();

  /** The epoch that the record's position was put into; null where only the change is known. */
  public abstract @Nullable Integer positionEpoch();

  /**
   * When the record came to the topic or file it was read from, in milliseconds since the epoch;
   * null where only the change is known, which says it itself.
   */
  public abstract @Nullable Long receivedAtMillis();

  /** The change, where the record became one. */
  public abstract @Nullable ChangeEvent change();

  /** When it was stopped, in milliseconds since the epoch. */
  public abstract long rejectedAtMillis();

  public static Builder builder() {
    return new AutoValue_DeadLetter.Builder();
  }

  /** A record that could not be parsed, as it was received; its format is yet to be set. */
  public static Builder ofRecord(RecordBlock.Cursor record, RejectedRecordException rejected) {
    return builder()
        .setStage(Stage.PARSE)
        .setReason(rejected.reason())
        .setMessage(rejected.getMessage())
        .setTable(rejected.table())
        .setPosition(rejected.position())
        .setOrigin(record.origin())
        .setRecordKey(record.copyKey())
        .setRecord(record.copyValue())
        .setReceivedAtMillis(record.timestampMillis())
        .setRejectedAtMillis(System.currentTimeMillis());
  }

  /** A change that was refused at a later stage than parsing. */
  public static DeadLetter of(Stage stage, Reason reason, String message, ChangeEvent change) {
    return builder()
        .setStage(stage)
        .setReason(reason)
        .setMessage(message)
        .setTable(change.table())
        .setPosition(change.position())
        .setOrigin(change.origin())
        .setChange(change)
        .setRejectedAtMillis(System.currentTimeMillis())
        .build();
  }

  /** Builds dead letters. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setReason(Reason reason);

    public abstract Builder setStage(Stage stage);

    public abstract Builder setMessage(String message);

    public abstract Builder setTable(@Nullable String table);

    public abstract Builder setPosition(@Nullable Position position);

    public abstract Builder setOrigin(Origin origin);

    public abstract Builder setRecordKey(byte @Nullable [] recordKey);

    public abstract Builder setRecord(byte @Nullable [] record);

    public abstract Builder setFormat(@Nullable ChangeFormat format);

    public abstract Builder setPositionEpoch(@Nullable Integer epoch);

    public abstract Builder setReceivedAtMillis(@Nullable Long millis);

    public abstract Builder setChange(@Nullable ChangeEvent change);

    public abstract Builder setRejectedAtMillis(long millis);

    public abstract DeadLetter build();
  }
}
