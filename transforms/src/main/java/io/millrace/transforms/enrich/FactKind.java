package io.millrace.transforms.enrich;

/** How far a fact has come. The codes stand in state and never change. */
enum FactKind {
  /** The watermark has not passed it. */
  AHEAD(1),
  /** It waits for a row, and the watermark after the join waits for it. */
  WAITING(2),
  /** It has no row and is not to be said without one, but may still get one. */
  LINGERING(3),
  /** It was said, and may still be corrected. */
  SAID(4);

  private static final FactKind[] BY_CODE = {null, AHEAD, WAITING, LINGERING, SAID};

  private final int code;

  FactKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static FactKind ofCode(int code) {
    return BY_CODE[code];
  }
}
