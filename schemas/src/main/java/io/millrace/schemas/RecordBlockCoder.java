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
 * Encodes a {@link RecordBlock} as a version byte, its source, partition and range, and its
 * records. It also decodes version 2, whose records have no attributes.
 */
public final class RecordBlockCoder extends AtomicCoder<RecordBlock> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 3;
  private static final int WITHOUT_ATTRIBUTES = 2;
  private static final RecordBlockCoder INSTANCE = new RecordBlockCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static RecordBlockCoder of() {
    return INSTANCE;
  }

  /** What {@link org.apache.beam.sdk.coders.DefaultCoder} asks for. */
  public static CoderProvider getCoderProvider() {
    return CoderProviders.forCoder(TypeDescriptor.of(RecordBlock.class), INSTANCE);
  }

  @Override
  public void encode(RecordBlock block, OutputStream out) throws IOException {
    ByteWriter header = new ByteWriter(block.source().length() + 32);
    header.writeByte(VERSION);
    header.writeText(block.source());
    header.writeZigzag(block.partition());
    header.writeZigzag(block.from());
    header.writeZigzag(block.to());
    BYTES.encode(header.toByteArray(), out);
    BYTES.encode(block.bytes(), out);
  }

  @Override
  public RecordBlock decode(InputStream in) throws IOException {
    ByteReader header = new ByteReader(BYTES.decode(in));
    int version = header.readByte();
    if (version != VERSION && version != WITHOUT_ATTRIBUTES) {
      throw new CoderException(
          "A record block has version " + version + ", which this code does not know");
    }
    String source = header.readText();
    int partition = (int) header.readZigzag();
    long from = header.readZigzag();
    long to = header.readZigzag();
    byte[] records = BYTES.decode(in);
    return RecordBlock.of(
        source, partition, from, to, version == VERSION ? records : withAttributes(records));
  }

  /** Gives each record of version 2 the attributes of one that says nothing of them. */
  private static byte[] withAttributes(byte[] records) {
    ByteReader in = new ByteReader(records);
    ByteWriter out = new ByteWriter(records.length + records.length / 16 + 1);
    while (in.hasRemaining()) {
      int start = in.position();
      in.readZigzag();
      in.readZigzag();
      in.readZigzag();
      in.skip(Math.max(in.readLength() - 1, 0));
      in.skip(Math.max(in.readLength() - 1, 0));
      out.writeRaw(records, start, in.position() - start);
      out.writeVarint(TimestampKind.CREATE.code());
    }
    return out.toByteArray();
  }
}
