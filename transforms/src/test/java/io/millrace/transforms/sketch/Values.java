package io.millrace.transforms.sketch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Values for sketches, the same in every run. */
final class Values {

  /** The numbers from one to another, that one not among them, shuffled. */
  static List<Long> shuffled(long from, long to) {
    List<Long> values = new ArrayList<>(LongStream.range(from, to).boxed().toList());
    Collections.shuffle(values, new Random(7));
    return values;
  }

  private Values() {}
}
