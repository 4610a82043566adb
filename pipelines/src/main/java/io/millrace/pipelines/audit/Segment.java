package io.millrace.pipelines.audit;

import java.math.BigInteger;

/**
 * What a side says of a range of keys. Two that are equal hold the same rows, whatever their order.
 *
 * @param rows how many there are
 * @param checksum the sum of their hashes
 */
record Segment(long rows, BigInteger checksum) {
  static final Segment EMPTY = new Segment(0, BigInteger.ZERO);
}
