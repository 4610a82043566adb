package io.millrace.transforms.join;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.join.IntervalWaiting.Waiter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * Encodes {@link IntervalWaiting} after a length and a version byte: the watermark and the two
 * times of the timer (zigzag varints), then of each side the number of slices and each of them,
 * times as differences.
 */
final class IntervalWaitingCoder extends AtomicCoder<IntervalWaiting> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(IntervalWaiting waiting, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64);
    bytes.writeByte(VERSION);
    bytes.writeZigzag(waiting.watermark());
    bytes.writeZigzag(waiting.due());
    bytes.writeZigzag(waiting.held());
    write(waiting.left(), bytes);
    write(waiting.right(), bytes);
    BYTES.encode(bytes.toByteArray(), out);
  }

  private static void write(List<Waiter> waiters, ByteWriter bytes) {
    bytes.writeVarint(waiters.size());
    long time = 0;
    for (Waiter waiter : waiters) {
      bytes.writeZigzag(waiter.time() - time);
      time = waiter.time();
      bytes.writeText(waiter.name());
    }
  }

  @Override
  public IntervalWaiting decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("A join's state of version " + version + " is newer than this code");
    }
    long watermark = bytes.readZigzag();
    long due = bytes.readZigzag();
    return new IntervalWaiting(watermark, due, bytes.readZigzag(), read(bytes), read(bytes));
  }

  private static List<Waiter> read(ByteReader bytes) {
    int count = bytes.readLength();
    List<Waiter> waiters = new ArrayList<>(count);
    long time = 0;
    for (int i = 0; i < count; i++) {
      time += bytes.readZigzag();
      waiters.add(new Waiter(time, bytes.readText()));
    }
    return Collections.unmodifiableList(waiters);
  }
}
