package io.millrace.transforms.quality;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Encodes {@link ChangeCounts}: a version byte, then the counts in order. */
public final class ChangeCountsCoder extends AtomicCoder<ChangeCounts> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ChangeCountsCoder INSTANCE = new ChangeCountsCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static ChangeCountsCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ChangeCounts counts, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(32);
    bytes.writeByte(VERSION);
    bytes.writeVarint(counts.read());
    bytes.writeVarint(counts.accepted());
    bytes.writeVarint(counts.superseded());
    bytes.writeVarint(counts.duplicate());
    bytes.writeVarint(counts.late());
    bytes.writeVarint(counts.rejected());
    bytes.writeVarint(counts.control());
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public ChangeCounts decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("Counts of version " + version + " are newer than this code");
    }
    return ChangeCounts.builder()
        .setRead(bytes.readVarint())
        .setAccepted(bytes.readVarint())
        .setSuperseded(bytes.readVarint())
        .setDuplicate(bytes.readVarint())
        .setLate(bytes.readVarint())
        .setRejected(bytes.readVarint())
        .setControl(bytes.readVarint())
        .build();
  }

  @Override
  public TypeDescriptor<ChangeCounts> getEncodedTypeDescriptor() {
    return TypeDescriptor.of(ChangeCounts.class);
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
