package io.millrace.transforms.warehouse;

import io.millrace.schemas.Position;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;

/** Encodes a {@link CommitPoint}: a version byte, then its fields in order. */
final class CommitPointCoder extends AtomicCoder<CommitPoint> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final CommitPointCoder INSTANCE = new CommitPointCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  static CommitPointCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(CommitPoint point, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64);
    bytes.writeByte(VERSION);
    bytes.writeZigzag(point.committedAt());
    bytes.writeBytes(point.position().bytes());
    bytes.writeZigzag(point.ripeAt());
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public CommitPoint decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("A commit point of version " + version + " is newer than this code");
    }
    return new CommitPoint(bytes.readZigzag(), Position.of(bytes.readBytes()), bytes.readZigzag());
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
