package io.millrace.transforms.read;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * How many lines of a file are before an offset, for numbering lines from the middle of a file on.
 *
 * <p>What this JVM has learned of the last files is kept (some 100 bytes a split), so that a file
 * is not counted from its beginning for each of its splits.
 */
final class LineCounts {
  private static final int FILES = 256;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  private static final Map<FileRange, NavigableMap<Long, Long>> KNOWN =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FileRange, NavigableMap<Long, Long>> file) {
          return size() > FILES;
        }
      };

  /** The number of line feeds before an offset of the file. */
  static long before(FileRange range, long offset) throws IOException {
    NavigableMap<Long, Long> known = known(range);
    Map.Entry<Long, Long> nearest = known.floorEntry(offset);
    long lines = nearest.getValue() + count(range, nearest.getKey(), offset);
    known.put(offset, lines);
    return lines;
  }

  /** Keeps for later that so many lines end before an offset. */
  static void remember(FileRange range, long offset, long lines) {
    known(range).put(offset, lines);
  }

  private static NavigableMap<Long, Long> known(FileRange range) {
    synchronized (KNOWN) {
      return KNOWN.computeIfAbsent(
          range.between(0, 0), file -> new ConcurrentSkipListMap<>(Map.of(0L, 0L)));
    }
  }

  private static long count(FileRange range, long start, long end) throws IOException {
    byte[] bytes = new byte[256 << 10];
    long lines = 0;
    try (ReadableByteChannel channel = range.open()) {
      ((SeekableByteChannel) channel).position(start);
      long left = end - start;
      while (left > 0) {
        int most = (int) Math.min(left, bytes.length);
        int read = channel.read(ByteBuffer.wrap(bytes, 0, most));
        if (read < 0) {
          throw SourceException.world(range.file() + " was cut while it was read");
        }
        lines += lineFeeds(bytes, read);
        left -= read;
      }
    }
    return lines;
  }

  /** Counts eight bytes at a time: a byte that is a line feed leaves its high bit clear. */
  static int lineFeeds(byte[] bytes, int length) {
    int count = 0;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      long eight = (long) LONGS.get(bytes, i) ^ LINE_FEEDS;
      count += Long.bitCount(~(((eight & LOW_BITS) + LOW_BITS) | eight | LOW_BITS));
    }
    for (; i < length; i++) {
      if (bytes[i] == '\n') {
        count++;
      }
    }
    return count;
  }

  private LineCounts() {}
}
