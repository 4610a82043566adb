package io.millrace.transforms.lake;

import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.parquet.io.InputFile;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads a file of a lake as the records that its rows came from, in blocks of some 128 KB. */
final class FileBlocks implements AutoCloseable {
  private static final int BLOCK_BYTES = 128 * 1024;

  private final String name;
  private final ChangeFileReader rows;
  private final Supplier<byte[]> values;
  private final RecordBlock.Writer records = new RecordBlock.Writer(BLOCK_BYTES);
  private boolean hasRow;

  /**
   * Opens a file.
   *
   * @param encode makes what answers the value of the record that the reader's row came from
   * @throws LakeException if the file is missing, or not as it was written
   */
  FileBlocks(FileStore store, LakeFile file, Function<ChangeFileReader, Supplier<byte[]>> encode) {
    name = store.locate(file.path());
    InputFile input = store.open(file.path());
    try {
      if (input.getLength() != file.bytes()) {
        throw new LakeException(
            fault("has " + input.getLength() + " bytes instead of " + file.bytes()));
      }
      rows = new ChangeFileReader(input);
    } catch (LakeException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
    values = encode.apply(rows);
    hasRow = advance();
  }

  /**
   * The next records of one source; null after the last.
   *
   * @throws LakeException if the file is not as it was written
   */
  @Nullable RecordBlock next() {
    if (!hasRow) {
      return null;
    }
    Origin first = rows.origin();
    Origin origin = first;
    do {
      byte[] value = values.get();
      records.add(origin.offset(), origin.line(), received(), null, value, 0, value.length);
      hasRow = advance();
      origin = hasRow ? rows.origin() : origin;
    } while (hasRow && records.length() < BLOCK_BYTES && isOfOneSource(first, origin));
    return RecordBlock.of(first.source(), first.partition(), records.take());
  }

  private static boolean isOfOneSource(Origin first, Origin origin) {
    return first.partition() == origin.partition() && first.source().equals(origin.source());
  }

  /** What comes from files came when it is read. */
  private long received() {
    Instant received = (Instant) rows.value(LakeColumns.RECEIVED_AT);
    return received == null ? System.currentTimeMillis() : received.toEpochMilli();
  }

  private boolean advance() {
    try {
      return rows.next();
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private LakeException damaged(Exception e) {
    return new LakeException(fault("cannot be read (" + e + ")"), e);
  }

  private String fault(String problem) {
    return name + " of the lake " + problem + "; bring it back from a copy";
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw damaged(e);
    }
  }
}
