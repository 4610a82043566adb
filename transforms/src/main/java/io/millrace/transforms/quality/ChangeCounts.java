package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.coders.DefaultCoder;

/**
 * What became of changes, in the ledger's terms. A table's counts balance when {@code read =
 * accepted + superseded + duplicate + late + rejected + control}.
 */
@AutoValue
@DefaultCoder(ChangeCountsCoder.class)
public abstract class ChangeCounts {
  /** No changes. */
  public static final ChangeCounts NONE = builder().build();

  /** How many there were: changes, rejected records, and control records. */
  public abstract long read();

  /** Newer than all seen before of their row, or with a value that newer ones left open. */
  public abstract long accepted();

  /** Older than what is known of their row, and not needed. */
  public abstract long superseded();

  /** Seen before. */
  public abstract long duplicate();

  /** Too late for their window. */
  public abstract long late();

  /** Handed over as dead letters. */
  public abstract long rejected();

  /** Tombstones, transaction markers, heartbeats, truncates, tables and types not asked for. */
  public abstract long control();

  abstract Builder toBuilder();

  public static Builder builder() {
    return new AutoValue_ChangeCounts.Builder()
        .setRead(0)
        .setAccepted(0)
        .setSuperseded(0)
        .setDuplicate(0)
        .setLate(0)
        .setRejected(0)
        .setControl(0);
  }

  /** How many have come to an end: all but {@link #read()}. */
  public long accountedFor() {
    return accepted() + superseded() + duplicate() + late() + rejected() + control();
  }

  /** How many were read and have not come to an end; below 0 if more came out than went in. */
  public long missing() {
    return read() - accountedFor();
  }

  /** Of two sums of a table, the one that was made later. */
  public ChangeCounts newer(ChangeCounts other) {
    return other.weight() >= weight() ? other : this;
  }

  /** Grows whenever something is counted. */
  long weight() {
    return read() + accountedFor();
  }

  /** The sums of both. */
  public ChangeCounts plus(ChangeCounts other) {
    return builder()
        .setRead(read() + other.read())
        .setAccepted(accepted() + other.accepted())
        .setSuperseded(superseded() + other.superseded())
        .setDuplicate(duplicate() + other.duplicate())
        .setLate(late() + other.late())
        .setRejected(rejected() + other.rejected())
        .setControl(control() + other.control())
        .build();
  }

  /** Builds counts that are 0 unless set. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setRead(long read);

    public abstract Builder setAccepted(long accepted);

    public abstract Builder setSuperseded(long superseded);

    public abstract Builder setDuplicate(long duplicate);

    public abstract Builder setLate(long late);

    public abstract Builder setRejected(long rejected);

    public abstract Builder setControl(long control);

    public abstract ChangeCounts build();
  }
}
