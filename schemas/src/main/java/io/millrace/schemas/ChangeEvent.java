package io.millrace.schemas;

import com.google.auto.value.AutoValue;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One change of one row (or, for a truncate, of one table), whatever the format it came in.
 *
 * <p>Times are microseconds since 1970-01-01T00:00:00Z, {@link #NO_TIME} where the source gives
 * none. A column that an image does not hold is <em>unchanged</em>, never null; {@link
 * #unchanged()} names those of the contract's columns that {@link #after()} leaves as they were.
 */
@AutoValue
@DefaultCoder(ChangeEventCoder.class)
public abstract class ChangeEvent {
  /** Stands for a time the source did not give. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** The table as the source names it: {@code schema.table}. */
  public abstract String table();

  public abstract Operation operation();

  /** The row's key; {@link Key#NONE} for a truncate. */
  public abstract Key key();

  /** The row as it was, where the source says so. */
  public abstract @Nullable Image before();

  /** The row as it is now; null for a delete or a truncate. */
  public abstract @Nullable Image after();

  /** The contract's columns (by source name) that {@link #after()} does not supply, sorted. */
  public abstract List<String> unchanged();

  public abstract Position position();

  /** The source's transaction, where known. */
  public abstract @Nullable String transactionId();

  /** When the source committed the change, by its own clock, in microseconds. */
  public abstract long committedAt();

  /** When the change was read from the source's log, in microseconds. */
  public abstract long capturedAt();

  /** When the record came to the topic or file it was read from, in microseconds. */
  public abstract long receivedAt();

  public abstract Origin origin();

  public abstract Builder toBuilder();

  /** A builder with no images, nothing unchanged, no transaction and no times. */
  public static Builder builder() {
    return new AutoValue_ChangeEvent.Builder()
        .setUnchanged(List.of())
        .setCommittedAt(NO_TIME)
        .setCapturedAt(NO_TIME)
        .setReceivedAt(NO_TIME);
  }

  /** Builds change events. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setTable(String table);

    public abstract Builder setOperation(Operation operation);

    public abstract Builder setKey(Key key);

    public abstract Builder setBefore(@Nullable Image before);

    public abstract Builder setAfter(@Nullable Image after);

    public abstract Builder setUnchanged(List<String> unchanged);

    public abstract Builder setPosition(Position position);

    public abstract Builder setTransactionId(@Nullable String transactionId);

    public abstract Builder setCommittedAt(long micros);

    public abstract Builder setCapturedAt(long micros);

    public abstract Builder setReceivedAt(long micros);

    public abstract Builder setOrigin(Origin origin);

    /** The position that was set; as the other getters, it fails where nothing was. */
    public abstract Position position();

    public abstract Optional<String> transactionId();

    public abstract long committedAt();

    public abstract long capturedAt();

    public abstract long receivedAt();

    public abstract Origin origin();

    public abstract ChangeEvent build();
  }
}
