package io.millrace.transforms.enrich;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
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
 * Encodes {@link BucketState} after a length and a version byte: its numbers, how many chunks there
 * are, and of each the id less that of the one before, the kind, and the first, last and due time,
 * each less the one before, and the size.
 */
final class BucketStateCoder extends AtomicCoder<BucketState> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(BucketState state, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64 + state.chunks().size() * 24);
    bytes.writeByte(VERSION);
    bytes.writeZigzag(state.watermark());
    bytes.writeZigzag(state.armed());
    bytes.writeZigzag(state.held());
    bytes.writeVarint(state.versions());
    bytes.writeVarint(state.swept());
    bytes.writeVarint(state.nextChunk());
    bytes.writeVarint(state.chunks().size());
    long id = 0;
    long time = 0;
    for (FactChunk chunk : state.chunks()) {
      bytes.writeZigzag(chunk.id() - id);
      bytes.writeByte(chunk.kind().code());
      bytes.writeZigzag(chunk.first() - time);
      bytes.writeZigzag(chunk.last() - chunk.first());
      bytes.writeZigzag(chunk.due() - chunk.last());
      bytes.writeVarint(chunk.size());
      id = chunk.id();
      time = chunk.due();
    }
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public BucketState decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException(
          "A bucket's state of version " + version + " is newer than this code");
    }
    long watermark = bytes.readZigzag();
    long armed = bytes.readZigzag();
    long held = bytes.readZigzag();
    long versions = bytes.readVarint();
    long swept = bytes.readVarint();
    long nextChunk = bytes.readVarint();
    int count = bytes.readLength();
    List<FactChunk> chunks = new ArrayList<>(count);
    long id = 0;
    long time = 0;
    for (int i = 0; i < count; i++) {
      id += bytes.readZigzag();
      FactKind kind = FactKind.ofCode(bytes.readByte());
      long first = time + bytes.readZigzag();
      long last = first + bytes.readZigzag();
      time = last + bytes.readZigzag();
      chunks.add(new FactChunk(id, kind, first, last, time, bytes.readLength()));
    }
    return new BucketState(
        watermark, armed, held, versions, swept, nextChunk, Collections.unmodifiableList(chunks));
  }
}
