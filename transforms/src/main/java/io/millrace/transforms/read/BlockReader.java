package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import java.io.Closeable;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the records of one range of a file into blocks. */
interface BlockReader extends Closeable {
  /** A reader of what the file holds, as its name says. */
  static BlockReader of(FileRange range, FileSource.Settings settings) throws IOException {
    return range.isAvro() ? new AvroReader(range) : new LineReader(range, settings);
  }

  /** The next block, or null after the last. */
  @Nullable RecordBlock nextBlock() throws IOException;

  /** How many records the last block has. */
  int blockCount();
}
