package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The records of a file that begin in a range of its bytes.
 *
 * @param start the first byte's offset
 * @param end the offset behind the last
 * @param inRecord whether the range may begin within a record, which belongs to the range before
 */
record FileRange(String file, long start, long end, boolean inRecord) implements SourceSplit {

  @Override
  public String splitId() {
    return file + "@" + end;
  }

  /** For checkpoints, and the way to the reader. */
  static final class Serializer implements SimpleVersionedSerializer<FileRange> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(FileRange range) {
      byte[] name = range.file.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(17 + name.length)
          .putLong(range.start)
          .putLong(range.end)
          .put((byte) (range.inRecord ? 1 : 0))
          .put(name)
          .array();
    }

    @Override
    public FileRange deserialize(int version, byte[] bytes) throws IOException {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      long start = in.getLong();
      long end = in.getLong();
      boolean inRecord = in.get() != 0;
      return new FileRange(
          new String(bytes, in.position(), in.remaining(), StandardCharsets.UTF_8),
          start,
          end,
          inRecord);
    }
  }
}
