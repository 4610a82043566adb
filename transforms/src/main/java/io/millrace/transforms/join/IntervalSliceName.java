package io.millrace.transforms.join;

/**
 * The name in state of the elements of a key in a slice: the side's mark, the eight bytes of the
 * slice's number, and the key's bytes, all as Latin-1.
 */
record IntervalSliceName(IntervalSide side, long slice, String key) {
  private static final int HEAD = 9;

  static IntervalSliceName parse(String name) {
    long slice = 0;
    for (int i = 1; i < HEAD; i++) {
      slice = slice << 8 | name.charAt(i);
    }
    return new IntervalSliceName(IntervalSide.of(name.charAt(0)), slice, name.substring(HEAD));
  }

  String text() {
    StringBuilder name = new StringBuilder(HEAD + key.length());
    name.append((char) side.mark());
    for (int shift = 56; shift >= 0; shift -= 8) {
      name.append((char) (slice >>> shift & 0xFF));
    }
    return name.append(key).toString();
  }

  /** The name of one of its chunks, which has four bytes more at its end. */
  static String chunk(String name, int number) {
    StringBuilder chunk = new StringBuilder(name.length() + 4).append(name);
    for (int shift = 24; shift >= 0; shift -= 8) {
      chunk.append((char) (number >>> shift & 0xFF));
    }
    return chunk.toString();
  }
}
