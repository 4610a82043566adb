package io.millrace.testdata.events;

import java.util.function.Consumer;

/** A line of the file, without its end, and what is wrong with it. */
final class Line {

  /** Where lines go to. */
  interface Output extends Consumer<Line>, AutoCloseable {
    /** Hands on all that was held back. */
    @Override
    void close();
  }

  private final byte[] bytes;
  private final Flaw flaw;

  Line(byte[] bytes, Flaw flaw) {
    this.bytes = bytes;
    this.flaw = flaw;
  }

  /** Not a copy: nobody changes a line. */
  byte[] bytes() {
    return bytes;
  }

  Flaw flaw() {
    return flaw;
  }
}
