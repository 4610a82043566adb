package io.millrace.benchmarks.orders;

import java.util.Locale;

/**
 * The newest change of each order, as a table would have it: what every contestant's sink writes
 * to, so that all pay the same for being checked. Several threads may write, but not of one order.
 */
public final class OrderBook {
  private static volatile OrderBook shared = new OrderBook(0);

  private final long[] commits;
  private final long[] lsns;
  private final long[] orders;
  private final byte[] kinds;

  private static final byte SNAPSHOT = 0;
  private static final byte DELETED = 2;

  /** An empty book of orders with ids up to {@code keys}. */
  public OrderBook(int keys) {
    commits = new long[keys + 1];
    lsns = new long[keys + 1];
    orders = new long[keys + 1];
    kinds = new byte[keys + 1];
  }

  /** The book that this JVM's sinks write to. */
  public static OrderBook shared() {
    return shared;
  }

  /** Gives this JVM's sinks an empty book. */
  public static void renew(int keys) {
    shared = new OrderBook(keys);
  }

  /**
   * Writes a change, unless one that is newer is there.
   *
   * @param streamed 0 for a row of a snapshot, else 1
   * @param order in the transaction
   */
  public void put(long id, long commitLsn, int streamed, long lsn, long order, boolean deleted) {
    int i = (int) id;
    if (lsns[i] != 0 && !isNewer(i, commitLsn, streamed, lsn, order)) {
      return;
    }
    commits[i] = commitLsn;
    lsns[i] = lsn;
    orders[i] = order;
    kinds[i] = (byte) (streamed | (deleted ? DELETED : SNAPSHOT));
  }

  private boolean isNewer(int i, long commitLsn, int streamed, long lsn, long order) {
    if (commits[i] != commitLsn) {
      return commitLsn > commits[i];
    }
    int known = kinds[i] & 1;
    if (known != streamed) {
      return streamed > known;
    }
    return lsns[i] != lsn ? lsn > lsns[i] : order > orders[i];
  }

  /** How many orders were ever seen. */
  public long keys() {
    long keys = 0;
    for (long lsn : lsns) {
      keys += lsn == 0 ? 0 : 1;
    }
    return keys;
  }

  /**
   * The orders that live, and a checksum over every order's newest position and whether it lives.
   */
  public String answer() {
    long live = 0;
    long checksum = 0;
    for (int i = 0; i < lsns.length; i++) {
      if (lsns[i] != 0) {
        live += (kinds[i] & DELETED) == 0 ? 1 : 0;
        checksum += mix(mix(mix(mix(i) + commits[i]) + lsns[i]) + orders[i] * 4 + kinds[i]);
      }
    }
    return String.format(
        Locale.ROOT, "%,d live orders of %,d, checksum %016x", live, keys(), checksum);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
