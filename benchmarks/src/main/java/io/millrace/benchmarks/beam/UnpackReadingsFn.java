package io.millrace.benchmarks.beam;

import io.millrace.benchmarks.readings.ReadingsFiles;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;

/** Hands on each reading of a block at its own time. */
final class UnpackReadingsFn extends DoFn<byte[], SensorReading> {
  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(@Element byte[] block, OutputReceiver<SensorReading> out) {
    ByteBuffer readings = ByteBuffer.wrap(block);
    for (int at = 0; at < block.length; at += ReadingsFiles.READING_BYTES) {
      out.outputWithTimestamp(
          new SensorReading(readings.getInt(at), readings.getLong(at + 12)),
          Instant.ofEpochMilli(readings.getLong(at + 4)));
    }
  }
}
