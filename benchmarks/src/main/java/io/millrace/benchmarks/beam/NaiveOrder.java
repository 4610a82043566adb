package io.millrace.benchmarks.beam;

import org.apache.beam.sdk.schemas.JavaFieldSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;

/** A change of an order, with a schema by its fields. */
@DefaultSchema(JavaFieldSchema.class)
public final class NaiveOrder {
  public long id;
  public boolean deleted;
  public long commitLsn;
  public boolean streamed;
  public long lsn;
  public long committedAtMillis;
  public String row;

  boolean isAfter(NaiveOrder other) {
    if (commitLsn != other.commitLsn) {
      return commitLsn > other.commitLsn;
    }
    return streamed != other.streamed ? streamed : lsn > other.lsn;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NaiveOrder that && id == that.id && lsn == that.lsn;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id * 31 + lsn);
  }
}
