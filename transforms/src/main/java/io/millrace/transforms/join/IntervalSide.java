package io.millrace.transforms.join;

/** The side of a join that an element is on, and its mark in packets and in state. */
enum IntervalSide {
  LEFT(1),
  RIGHT(2);

  private final int mark;

  IntervalSide(int mark) {
    this.mark = mark;
  }

  static IntervalSide of(int mark) {
    return mark == LEFT.mark ? LEFT : RIGHT;
  }

  int mark() {
    return mark;
  }

  IntervalSide other() {
    return this == LEFT ? RIGHT : LEFT;
  }
}
