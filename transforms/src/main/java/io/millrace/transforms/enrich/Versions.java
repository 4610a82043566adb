package io.millrace.transforms.enrich;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.Arrays;

/**
 * The known versions of a row, as the bytes that state keeps: a version byte and then, newest
 * first, each version's time in milliseconds since 1970 (eight bytes), flags ({@link
 * TableVersionCoder}'s), position and row, each a length (a varint) and bytes. An instance does not
 * change; a version is named by the index at which it lies.
 */
final class Versions {
  /** There is no such version. */
  static final int NONE = -1;

  static final Versions EMPTY = new Versions(new byte[] {1});

  private static final int VERSION = 1;

  private final byte[] bytes;

  Versions(byte[] bytes) {
    if (bytes[0] != VERSION) {
      throw new IllegalStateException(
          "A row's versions in format " + bytes[0] + " are newer than this code");
    }
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return bytes.length == 1;
  }

  int count() {
    int count = 0;
    ByteReader in = reader(1);
    while (in.hasRemaining()) {
      skip(in);
      count++;
    }
    return count;
  }

  /** Since when the version at an index holds, in milliseconds since 1970. */
  long time(int at) {
    return reader(at).readLong();
  }

  /** A copy of the row's bytes of the version at an index. */
  byte[] row(int at) {
    ByteReader in = reader(at + 9);
    in.skip(in.readLength());
    return in.readBytes();
  }

  /**
   * The version whose row holds for a fact: the newest that is no later than the fact. If there is
   * none, the first version if it comes no later after the fact than facts wait; and if it does
   * not, the first one of a snapshot.
   *
   * @return {@link #NONE} also if the row was deleted then
   */
  int rowAsOf(long time, long patience) {
    int at = newest(time);
    if (at == NONE) {
      at = first();
      if (at == NONE || time(at) - patience > time || isDelete(at)) {
        at = firstSnapshot();
      }
    }
    return at == NONE || isDelete(at) ? NONE : at;
  }

  /**
   * The time up to which versions on time can still change what holds for a fact: the watermark has
   * to pass it.
   */
  long decidedAt(long time, long patience) {
    if (patience == 0 || newest(time) != NONE) {
      return time;
    }
    int first = first();
    return first == NONE || isDelete(first)
        ? time + patience
        : Math.min(time + patience, time(first));
  }

  /** The newest version that is no later than a time. */
  private int newest(long time) {
    ByteReader in = reader(1);
    while (in.hasRemaining()) {
      int at = in.position();
      if (in.readLong() <= time) {
        return at;
      }
      skipRest(in);
    }
    return NONE;
  }

  /** The oldest version. */
  private int first() {
    int first = NONE;
    ByteReader in = reader(1);
    while (in.hasRemaining()) {
      first = in.position();
      skip(in);
    }
    return first;
  }

  private int firstSnapshot() {
    int first = NONE;
    ByteReader in = reader(1);
    while (in.hasRemaining()) {
      int at = in.position();
      skip(in);
      if ((bytes[at + 8] & TableVersionCoder.SNAPSHOT) != 0) {
        first = at;
      }
    }
    return first;
  }

  private boolean isDelete(int at) {
    return (bytes[at + 8] & TableVersionCoder.DELETE) != 0;
  }

  /** Whether a version of these and one of others tell the same of a fact. */
  boolean isSame(int at, Versions others, int other) {
    if (at == NONE || other == NONE) {
      return at == other;
    }
    return time(at) == others.time(other) && Arrays.equals(row(at), others.row(other));
  }

  /** These and another version; these themselves if it is among them. */
  Versions with(Version added) {
    ByteReader in = reader(1);
    while (in.hasRemaining()) {
      int at = in.position();
      Version version = Version.read(in);
      int order = added.comparePlace(version);
      if (order > 0) {
        return replace(at, at, added);
      }
      if (order == 0) {
        return added.compareContent(version) > 0 ? replace(at, in.position(), added) : this;
      }
    }
    return replace(bytes.length, bytes.length, added);
  }

  private Versions replace(int from, int to, Version version) {
    ByteWriter out = new ByteWriter(bytes.length + version.row().length + 48);
    out.writeRaw(bytes, 0, from);
    version.write(out);
    out.writeRaw(bytes, to, bytes.length - to);
    return new Versions(out.toByteArray());
  }

  /**
   * Without those that hold for no fact of this time or later; these themselves if there are none.
   */
  Versions since(long time) {
    int newest = newest(time);
    if (newest == NONE) {
      return this;
    }
    ByteReader in = reader(newest);
    skip(in);
    return in.hasRemaining() ? new Versions(Arrays.copyOf(bytes, in.position())) : this;
  }

  /** When the next version after a time begins; the greatest number if none does. */
  long nextAfter(long time) {
    long next = Long.MAX_VALUE;
    ByteReader in = reader(1);
    while (in.hasRemaining()) {
      long each = in.readLong();
      if (each <= time) {
        return next;
      }
      next = each;
      skipRest(in);
    }
    return next;
  }

  /** Since when the oldest version holds; the greatest number if there is none. */
  long firstTime() {
    int first = first();
    return first == NONE ? Long.MAX_VALUE : time(first);
  }

  private ByteReader reader(int at) {
    return new ByteReader(bytes, at, bytes.length - at);
  }

  private static void skip(ByteReader in) {
    in.skip(8);
    skipRest(in);
  }

  private static void skipRest(ByteReader in) {
    in.skip(1);
    in.skip(in.readLength());
    in.skip(in.readLength());
  }

  /** Whether these are the same versions. */
  boolean is(Versions others) {
    return Arrays.equals(bytes, others.bytes);
  }
}
