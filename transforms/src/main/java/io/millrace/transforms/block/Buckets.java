package io.millrace.transforms.block;

/**
 * Puts keys into buckets. Which bucket a key is in is part of a job's state and stays as it is for
 * ever.
 */
public final class Buckets {

  /** The number of buckets unless another is chosen. */
  public static final int DEFAULT = 256;

  private static final int MOST = 32_768;

  /**
   * Answers the number of buckets if it is one.
   *
   * @throws IllegalArgumentException if it is not from 1 to 32,768
   */
  public static int check(int buckets) {
    if (buckets < 1 || buckets > MOST) {
      throw new IllegalArgumentException("buckets must be from 1 to " + MOST + ", got " + buckets);
    }
    return buckets;
  }

  /** The bucket, from 0, of a key with this hash, which need not be a good one. */
  public static int of(int hash, int buckets) {
    int mixed = hash * 0x85EBCA6B;
    return Math.floorMod(mixed ^ (mixed >>> 16), buckets);
  }

  /** The hash of a key's bytes, that of {@link java.util.Arrays#hashCode(byte[])}. */
  public static int hash(byte[] bytes, int offset, int length) {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  private Buckets() {}
}
