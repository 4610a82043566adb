package io.millrace.transforms.enrich;

/** Takes what the join has to say. */
interface AsOfOutput<K, D> {
  /** Says a fact with the row of the version at an index, or without one. */
  void say(Fact fact, KnownRow<K, D> row, int at);

  /**
   * Takes back what was said of a fact last.
   *
   * @param before the versions by which it was said
   * @param at the index of its version among them
   */
  void takeBack(Fact fact, KnownRow<K, D> row, Versions before, int at);

  /** Hands over a fact that has got no row. */
  void unmatched(Fact fact, KnownRow<K, D> row);

  /** Hands over a fact that is later than is allowed. */
  void tooLate(Fact fact, KnownRow<K, D> row);

  /** Tells of a version that is later than is allowed. */
  void tooLate(Version version);
}
