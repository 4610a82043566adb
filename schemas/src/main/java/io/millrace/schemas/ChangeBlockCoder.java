package io.millrace.schemas;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Encodes a {@link ChangeBlock} as a version byte, its source, partition, range and count, and its
 * changes.
 */
public final class ChangeBlockCoder extends AtomicCoder<ChangeBlock> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ChangeBlockCoder INSTANCE = new ChangeBlockCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static ChangeBlockCoder of() {
    return INSTANCE;
  }

  /** What {@link org.apache.beam.sdk.coders.DefaultCoder} asks for. */
  public static CoderProvider getCoderProvider() {
    return CoderProviders.forCoder(TypeDescriptor.of(ChangeBlock.class), INSTANCE);
  }

  @Override
  public void encode(ChangeBlock block, OutputStream out) throws IOException {
    ByteWriter header = new ByteWriter(block.source().length() + 40);
    header.writeByte(VERSION);
    header.writeText(block.source());
    header.writeZigzag(block.partition());
    header.writeZigzag(block.from());
    header.writeZigzag(block.to());
    header.writeVarint(block.count());
    BYTES.encode(header.toByteArray(), out);
    BYTES.encode(block.bytes(), out);
  }

  @Override
  public ChangeBlock decode(InputStream in) throws IOException {
    ByteReader header = new ByteReader(BYTES.decode(in));
    int version = header.readByte();
    if (version != VERSION) {
      throw new CoderException(
          "A block of changes has version " + version + ", which this code does not know");
    }
    String source = header.readText();
    int partition = (int) header.readZigzag();
    long from = header.readZigzag();
    long to = header.readZigzag();
    return ChangeBlock.of(source, partition, from, to, header.readLength(), BYTES.decode(in));
  }
}
