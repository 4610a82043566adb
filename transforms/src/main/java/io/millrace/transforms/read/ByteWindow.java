package io.millrace.transforms.read;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** A window that moves over a file's bytes, and grows where one line needs it to. */
final class ByteWindow implements Closeable {
  private static final int CAPACITY = 256 << 10;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;

  private final FileRange range;
  private final ReadableByteChannel channel;
  private byte[] buffer = new byte[CAPACITY];
  private int start;
  private int end;

  /** The offset of {@code buffer[start]} in the file. */
  private long position;

  ByteWindow(FileRange range) throws IOException {
    this.range = range;
    this.channel = range.open();
  }

  /** The offset in the (decompressed) file of the first byte that is not skipped yet. */
  long position() {
    return position;
  }

  /** The array whose bytes from {@link #start()} on are the file's from {@link #position()} on. */
  byte[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  /** How many bytes are in the window. */
  int available() {
    return end - start;
  }

  /** Moves to an offset of a file that can be split. */
  void seek(long offset) throws IOException {
    if (!(channel instanceof SeekableByteChannel seekable)) {
      throw new IOException(range.file() + " is said to be seekable, but is not");
    }
    seekable.position(offset);
    position = offset;
    start = 0;
    end = 0;
  }

  void skip(int count) {
    start += count;
    position += count;
  }

  boolean startsWith(byte[] prefix) throws IOException {
    while (available() < prefix.length && fill()) {}
    return available() >= prefix.length
        && Arrays.equals(buffer, start, start + prefix.length, prefix, 0, prefix.length);
  }

  /**
   * How many bytes there are before the next line feed; -1 if the file ends without one, or if
   * there are more than {@code most}. The window then holds all of them, or more than {@code most}.
   */
  int indexOfLineFeed(int most) throws IOException {
    int searched = 0;
    while (searched <= most) {
      int at = lineFeed(start + searched);
      if (at < end) {
        return at - start;
      }
      searched = available();
      if (!fill()) {
        return -1;
      }
    }
    return -1;
  }

  /** Skips all bytes up to the next line feed and that too; everything if there is none. */
  void skipPastLineFeed() throws IOException {
    do {
      int at = lineFeed(start);
      if (at < end) {
        skip(at + 1 - start);
        return;
      }
      skip(available());
    } while (fill());
  }

  /** The index of the next line feed, or the end; looks at eight bytes at a time. */
  private int lineFeed(int from) {
    int i = from;
    for (; i + 8 <= end; i += 8) {
      long eight = (long) LONGS.get(buffer, i) ^ LINE_FEEDS;
      // The lowest high bit that is set is a line feed's; those above it may not be.
      long found = (eight - ONES) & ~eight & HIGH_BITS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < end && buffer[i] != '\n') {
      i++;
    }
    return i;
  }

  /** Takes in more bytes; false at the end of the file. */
  private boolean fill() throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
    }
    if (end == buffer.length && start > 0) {
      System.arraycopy(buffer, start, buffer, 0, available());
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
    }
    int count = read(ByteBuffer.wrap(buffer, end, buffer.length - end));
    if (count < 0) {
      checkWhole();
      return false;
    }
    end += count;
    return true;
  }

  private int read(ByteBuffer into) {
    try {
      return channel.read(into);
    } catch (IOException e) {
      throw SourceException.world(
          range.file() + " cannot be read beyond byte " + (position + available()) + ": " + e, e);
    }
  }

  private void checkWhole() {
    long length = position + available();
    if (!range.isCompressed() && length < range.size()) {
      throw SourceException.world(
          String.format(
              "%s had %d bytes and now has %d: it was cut while it was read",
              range.file(), range.size(), length));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
