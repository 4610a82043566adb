package io.millrace.transforms.time;

import com.google.auto.value.AutoValue;

/** An event with the time at which it happened by the server's clock. Times are microseconds. */
@AutoValue
public abstract class Corrected<T> {
  /** Stands for an uncertainty that nothing is known of. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  static <T> Corrected<T> of(T element, long occurredAt, long offset, long uncertainty) {
    return new AutoValue_Corrected<>(element, occurredAt, offset, uncertainty);
  }

  public abstract T element();

  /** When it happened by the server's clock, since 1970. */
  public abstract long occurredAt();

  /** What was added to the device's time: by how much its clock is behind the server's. */
  public abstract long offset();

  /** By how much that may be off, or {@link #UNKNOWN}; see {@link CorrectClockSkew}. */
  public abstract long uncertainty();
}
