package io.millrace.benchmarks.beam;

import io.millrace.benchmarks.readings.Readings;
import io.millrace.benchmarks.readings.ReadingsFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Files of readings in blocks, each with the earliest time in it, as a stream: one reader for each
 * file, whose watermark is the newest time seen less the disorder.
 */
final class ReadingBlocks extends UnboundedSource<byte[], ReadingBlocks.Mark> {
  private static final long serialVersionUID = 1L;

  private final List<String> files;

  ReadingBlocks(List<String> files) {
    this.files = files;
  }

  /**
   * How far a file was read.
   *
   * @param position in bytes
   * @param newest the newest time before it
   */
  record Mark(long position, long newest) implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {}
  }

  @Override
  public List<ReadingBlocks> split(int desired, PipelineOptions options) {
    return files.stream().map(file -> new ReadingBlocks(List.of(file))).toList();
  }

  @Override
  public UnboundedReader<byte[]> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new Reader(mark == null ? new Mark(0, Long.MIN_VALUE) : mark);
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<byte[]> getOutputCoder() {
    return ByteArrayCoder.of();
  }

  private final class Reader extends UnboundedReader<byte[]> {
    private long position;
    private long newest;
    private long earliest;
    private byte[] block = new byte[0];
    private RandomAccessFile file;
    private long size;

    private Reader(Mark mark) {
      position = mark.position();
      newest = mark.newest();
    }

    @Override
    public boolean start() throws IOException {
      file = new RandomAccessFile(files.get(0), "r");
      size = file.length();
      file.seek(position);
      return advance();
    }

    @Override
    public boolean advance() throws IOException {
      if (position == size) {
        return false;
      }
      int full = ReadingsFiles.BLOCK_READINGS * ReadingsFiles.READING_BYTES;
      block = new byte[(int) Math.min(full, size - position)];
      file.readFully(block);
      position += block.length;
      earliest = Long.MAX_VALUE;
      ByteBuffer readings = ByteBuffer.wrap(block);
      for (int at = 0; at < block.length; at += ReadingsFiles.READING_BYTES) {
        long time = readings.getLong(at + 4);
        earliest = Math.min(earliest, time);
        newest = Math.max(newest, time);
      }
      return true;
    }

    @Override
    public byte[] getCurrent() {
      return block;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(earliest);
    }

    @Override
    public Instant getWatermark() {
      if (file != null && position == size) {
        return BoundedWindow.TIMESTAMP_MAX_VALUE;
      }
      return newest == Long.MIN_VALUE
          ? BoundedWindow.TIMESTAMP_MIN_VALUE
          : Instant.ofEpochMilli(newest - Readings.DISORDER);
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(position, newest);
    }

    @Override
    public ReadingBlocks getCurrentSource() {
      return ReadingBlocks.this;
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }
}
