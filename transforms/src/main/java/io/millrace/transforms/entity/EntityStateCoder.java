package io.millrace.transforms.entity;

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
 * Encodes {@link EntityState} after a length and a version byte: the revision, flags, the base and,
 * if there are events in it, the greatest sequence of them, how many of the kept events are in the
 * current state and, if any are, that state; then the number of kept events and each of them, times
 * as differences.
 */
final class EntityStateCoder extends AtomicCoder<EntityState> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final int PENDING = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(EntityState state, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64 + state.kept().size() * 64);
    bytes.writeByte(VERSION);
    bytes.writeVarint(state.revision());
    bytes.writeByte(state.isPending() ? PENDING : 0);
    write(state.base(), bytes);
    if (state.base().events() > 0) {
      bytes.writeZigzag(state.baseSequence());
    }
    bytes.writeVarint(state.folded());
    if (state.folded() > 0) {
      write(state.current(), bytes);
    }
    bytes.writeVarint(state.kept().size());
    long time = 0;
    for (KeptEvent event : state.kept()) {
      bytes.writeZigzag(event.time() - time);
      time = event.time();
      bytes.writeZigzag(event.sequence());
      bytes.writeText(event.id());
      bytes.writeBytes(event.bytes());
    }
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public EntityState decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException(
          "An entity's state of version " + version + " is newer than this code");
    }
    long revision = bytes.readVarint();
    boolean isPending = (bytes.readByte() & PENDING) != 0;
    Folded base = read(bytes);
    long baseSequence = base.events() > 0 ? bytes.readZigzag() : Long.MIN_VALUE;
    int folded = bytes.readLength();
    Folded current = folded > 0 ? read(bytes) : base;
    int count = bytes.readLength();
    List<KeptEvent> kept = new ArrayList<>(count);
    long time = 0;
    for (int i = 0; i < count; i++) {
      time += bytes.readZigzag();
      kept.add(new KeptEvent(time, bytes.readZigzag(), bytes.readText(), bytes.readBytes()));
    }
    return new EntityState(
        revision,
        isPending,
        base,
        baseSequence,
        current,
        folded,
        Collections.unmodifiableList(kept));
  }

  /** The count of events, and if there are any, the newest's time and the entity's bytes. */
  private static void write(Folded folded, ByteWriter bytes) {
    bytes.writeVarint(folded.events());
    if (folded.events() > 0) {
      bytes.writeZigzag(folded.newest());
      bytes.writeByte(folded.entity() == null ? 0 : 1);
      if (folded.entity() != null) {
        bytes.writeBytes(folded.entity());
      }
    }
  }

  private static Folded read(ByteReader bytes) {
    long events = bytes.readVarint();
    if (events == 0) {
      return Folded.NONE;
    }
    long newest = bytes.readZigzag();
    return new Folded(bytes.readByte() == 0 ? null : bytes.readBytes(), events, newest);
  }
}
