package io.millrace.transforms.join;

/** Which elements go out that nothing joined. */
enum IntervalKind {
  INNER(false, false),
  LEFT_OUTER(true, false),
  RIGHT_OUTER(false, true),
  FULL_OUTER(true, true);

  private final boolean isLeftOuter;
  private final boolean isRightOuter;

  IntervalKind(boolean isLeftOuter, boolean isRightOuter) {
    this.isLeftOuter = isLeftOuter;
    this.isRightOuter = isRightOuter;
  }

  boolean isOuter() {
    return isLeftOuter || isRightOuter;
  }

  boolean isOuter(IntervalSide side) {
    return side == IntervalSide.LEFT ? isLeftOuter : isRightOuter;
  }
}
