package io.millrace.benchmarks.beam;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;

/** A reading of a sensor; its time is the element's. */
record SensorReading(int sensor, long value) {

  /** Writes one in 12 bytes; not used where steps are chained. */
  static final class Coder extends AtomicCoder<SensorReading> {
    private static final long serialVersionUID = 1L;

    static final Coder INSTANCE = new Coder();

    @Override
    public void encode(SensorReading reading, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(reading.sensor);
      data.writeLong(reading.value);
    }

    @Override
    public SensorReading decode(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      return new SensorReading(data.readInt(), data.readLong());
    }
  }
}
