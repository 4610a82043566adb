package io.millrace.transforms.read;

import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the lines of one range of a file into blocks. A line ends with a line feed, with or without
 * a carriage return before it, or with the file. Empty lines are left out, but counted.
 */
final class LineReader implements BlockReader {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final FileRange range;
  private final int maxLineBytes;
  private final ByteWindow window;
  private final RecordBlock.Writer writer =
      new RecordBlock.Writer(BlockPacker.BLOCK_BYTES + (8 << 10));
  private int blockCount;

  /** Where the next block's range begins. */
  private long blockStart;

  /** Where the next line starts; not the window's position after a byte order mark. */
  private long lineStart;

  /** How many lines of the file are behind, if {@link #numbered}. */
  private long linesBehind;

  private boolean numbered;

  LineReader(FileRange range, FileSource.Settings settings) throws IOException {
    this.range = range;
    this.maxLineBytes = settings.maxLineBytes();
    this.window = new ByteWindow(range);
    this.blockStart = range.start();
    if (range.start() > 0) {
      toFirstLine(range.size() <= settings.maxNumberedBytes());
      return;
    }
    numbered = true;
    if (window.startsWith(BYTE_ORDER_MARK)) {
      window.skip(BYTE_ORDER_MARK.length);
    }
  }

  /** A line belongs to the range its first byte lies in, and is read to its end from there. */
  private void toFirstLine(boolean number) throws IOException {
    window.seek(range.start() - 1);
    window.skipPastLineFeed();
    lineStart = window.position();
    if (number && isInRange()) {
      linesBehind = LineCounts.before(range, lineStart);
      numbered = true;
    }
  }

  private boolean isInRange() {
    return !range.splittable() || lineStart < range.end();
  }

  @Override
  public @Nullable RecordBlock nextBlock() throws IOException {
    long now = System.currentTimeMillis();
    while (writer.length() < BlockPacker.BLOCK_BYTES && isInRange() && readLine(now)) {}
    blockCount = writer.count();
    if (blockCount == 0) {
      return null;
    }
    long from = blockStart;
    blockStart = isInRange() ? lineStart : range.end();
    return RecordBlock.of(range.file(), Origin.NO_PARTITION, from, blockStart, writer.take());
  }

  @Override
  public int blockCount() {
    return blockCount;
  }

  /** Adds the next line to the block; false at the end of the file. */
  private boolean readLine(long now) throws IOException {
    int lineFeed = window.indexOfLineFeed(maxLineBytes + 1);
    int length = lineFeed < 0 ? window.available() : lineFeed;
    if (length == 0 && lineFeed < 0) {
      return false;
    }
    int start = window.start();
    int skip = lineFeed < 0 ? length : length + 1;
    if (length > 0 && window.buffer()[start + length - 1] == '\r') {
      length--;
    }
    if (length > maxLineBytes) {
      throw tooLong();
    }
    if (length > 0) {
      long line = numbered ? linesBehind + 1 : Origin.NO_LINE;
      writer.add(window.position(), line, now, null, window.buffer(), start, length);
    }
    linesBehind++;
    window.skip(skip);
    lineStart = window.position();
    return true;
  }

  private SourceException tooLong() {
    long line = numbered ? linesBehind + 1 : Origin.NO_LINE;
    return SourceException.input(
        String.format(
            "%s (byte %d): a line is longer than the %d bytes allowed; mend the file or allow more",
            Origin.ofFile(range.file(), window.position(), line), window.position(), maxLineBytes));
  }

  @Override
  public void close() throws IOException {
    if (numbered && range.splittable()) {
      LineCounts.remember(range, lineStart, linesBehind);
    }
    window.close();
  }
}
