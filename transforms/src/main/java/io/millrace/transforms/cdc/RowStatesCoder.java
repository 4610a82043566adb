package io.millrace.transforms.cdc;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * Encodes {@link RowStates} after a version byte. State is restored with it across upgrades: it
 * reads version 1 too, which kept three counts with each table.
 */
final class RowStatesCoder extends AtomicCoder<RowStates> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 2;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(RowStates states, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64 + states.size() * 48);
    bytes.writeByte(VERSION);
    states.encode(bytes);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public RowStates decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version < 1 || version > VERSION) {
      throw new CoderException("Merge state of version " + version + " is newer than this code");
    }
    return RowStates.decode(bytes, version == 1 ? 3 : 0);
  }
}
