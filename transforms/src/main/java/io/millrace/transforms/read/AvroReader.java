package io.millrace.transforms.read;

import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.avro.AvroRecords;
import java.io.IOException;
import java.nio.channels.Channels;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the records of an Avro object container file into blocks, as JSON. A record's offset is the
 * number of those before it, its line is its own number.
 */
final class AvroReader implements BlockReader {
  private final FileRange range;
  private final AvroRecords records;
  private final RecordBlock.Writer writer =
      new RecordBlock.Writer(BlockPacker.BLOCK_BYTES + (8 << 10));
  private long behind;
  private int blockCount;

  AvroReader(FileRange range) throws IOException {
    this.range = range;
    try {
      this.records = AvroRecords.open(Channels.newInputStream(range.open()));
    } catch (IOException e) {
      throw SourceException.input(range.file() + " is no Avro file: " + e.getMessage(), e);
    }
  }

  @Override
  public @Nullable RecordBlock nextBlock() throws IOException {
    long now = System.currentTimeMillis();
    long from = behind;
    while (writer.length() < BlockPacker.BLOCK_BYTES) {
      byte[] record = next();
      if (record == null) {
        break;
      }
      writer.add(behind, behind + 1, now, null, record, 0, record.length);
      behind++;
    }
    blockCount = writer.count();
    return blockCount == 0
        ? null
        : RecordBlock.of(range.file(), Origin.NO_PARTITION, from, behind, writer.take());
  }

  private byte @Nullable [] next() {
    try {
      return records.next();
    } catch (IOException e) {
      throw SourceException.input(
          Origin.ofFile(range.file(), behind, behind + 1)
              + ": the Avro file is damaged: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public int blockCount() {
    return blockCount;
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
