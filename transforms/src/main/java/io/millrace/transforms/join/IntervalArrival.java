package io.millrace.transforms.join;

import org.checkerframework.checker.nullness.qual.Nullable;

/** An element that has just come, where it lies in its packet. */
final class IntervalArrival implements IntervalElement {
  private final long time;
  private final byte[] buffer;
  private final int offset;
  private final int length;
  private final byte @Nullable [] id;
  private boolean isMatched;

  /**
   * An element that nothing has joined yet.
   *
   * @param time in milliseconds since 1970
   * @param id null if elements have none
   */
  IntervalArrival(long time, byte[] buffer, int offset, int length, byte @Nullable [] id) {
    this.time = time;
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    this.id = id;
  }

  byte @Nullable [] id() {
    return id;
  }

  boolean isMatched() {
    return isMatched;
  }

  void match() {
    isMatched = true;
  }

  @Override
  public long time() {
    return time;
  }

  @Override
  public byte[] buffer() {
    return buffer;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }
}
