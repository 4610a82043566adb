package io.millrace.schemas.avro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.RejectedRecordException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableInput;
import org.apache.avro.generic.GenericDatumReader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the records of an Avro object container file, one after the other, as the JSON that they
 * would be in a file of lines: times in ISO-8601, decimals as numbers, bytes in base64, a union as
 * the value it holds.
 *
 * @see <a href="https://avro.apache.org/docs/1.11.1/specification/#object-container-files">Object
 *     container files</a>
 */
public final class AvroRecords implements Closeable {
  private static final JsonFactory JSON = new JsonFactory();

  private final CountedInput input;
  private final DataFileReader<Object> file;
  private final Schema schema;
  private final AvroJson avro = new AvroJson(new ReadableValues());
  private long left;
  private boolean isOpen;

  private AvroRecords(CountedInput input) throws IOException {
    this.input = input;
    this.file = new DataFileReader<>(input, new GenericDatumReader<>());
    this.schema = file.getSchema();
  }

  /**
   * Opens a file, of which this takes hold.
   *
   * @throws IOException if it is none, or its codec is not known
   */
  public static AvroRecords open(InputStream file) throws IOException {
    try {
      return new AvroRecords(new CountedInput(file));
    } catch (AvroRuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * The next record, as JSON in UTF-8, or null after the last.
   *
   * @throws IOException if the file is damaged
   */
  public byte @Nullable [] next() throws IOException {
    try {
      while (left == 0) {
        if (isOpen && !avro.isAtEnd()) {
          throw new IOException("a block holds more than its records");
        }
        if (!file.hasNext()) {
          requireEnd();
          return null;
        }
        openBlock(file.nextBlock());
      }
      left--;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
      try (JsonGenerator json = JSON.createGenerator(bytes)) {
        avro.writeNext(schema, json);
      }
      return bytes.toByteArray();
    } catch (AvroRuntimeException | NoSuchElementException | RejectedRecordException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Avro takes a file that was cut within a block for one that ends before it. */
  private void requireEnd() throws IOException {
    if (file.previousSync() != input.tell()) {
      throw new IOException("the file ends within a block");
    }
  }

  private void openBlock(ByteBuffer block) {
    left = file.getBlockCount();
    isOpen = true;
    avro.open(block.array(), block.arrayOffset() + block.position(), block.remaining());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** A stream that knows how much of it was read. It is never sought in. */
  private static final class CountedInput implements SeekableInput {
    private final InputStream stream;
    private long count;

    CountedInput(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = stream.read(bytes, offset, length);
      count += Math.max(read, 0);
      return read;
    }

    @Override
    public long tell() {
      return count;
    }

    @Override
    public void seek(long position) {
      throw new UnsupportedOperationException("the file is read from its beginning");
    }

    @Override
    public long length() {
      throw new UnsupportedOperationException("the file's length is not known");
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
