package io.millrace.transforms.join;

/** An element as bytes, with its time. */
interface IntervalElement {

  /** In milliseconds since 1970. */
  long time();

  /** The array that holds the value's bytes, from {@link #offset()} on: read only. */
  byte[] buffer();

  int offset();

  int length();
}
