package io.millrace.transforms.join;

/** Takes what a bucket has to say. Elements are good until the call returns. */
interface IntervalOutput {

  /** A pair of the element that came last and one that was kept. */
  void pair(String key, IntervalSide side, IntervalArrival arrival, IntervalElements kept);

  /** An element of a side that nothing joined. */
  void unmatched(String key, IntervalSide side, IntervalElement element);
}
