package io.millrace.transforms.enrich;

import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.block.PacketWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.beam.sdk.state.MapState;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The facts of a bucket during one call. They are in chunks of some 16 KB, in which they are sorted
 * by time but for those that lie as they came. So what is due is mostly a few whole chunks, and
 * what is over goes without being looked at.
 */
final class FactChunks {
  private static final int MOST_BYTES = 16 * 1024;

  /** A smaller chunk takes what is added to it. */
  private static final int FEW_BYTES = 8 * 1024;

  private final MapState<Long, byte[]> state;
  private final List<FactChunk> chunks;
  private final Map<FactKind, List<Fact>> added = new EnumMap<>(FactKind.class);
  private long nextId;

  FactChunks(MapState<Long, byte[]> state, BucketState bucket) {
    this.state = state;
    this.chunks = new ArrayList<>(bucket.chunks());
    this.nextId = bucket.nextChunk();
  }

  /** Adds a packet of facts that are all ahead, as it came. */
  void addPacket(byte[] packet, long first, long last) {
    put(FactKind.AHEAD, packet, first, last, first);
  }

  boolean isLarge(byte[] packet) {
    return packet.length >= FEW_BYTES;
  }

  /** Adds a fact, to be written at the end. */
  void add(FactKind kind, Fact fact) {
    added.computeIfAbsent(kind, any -> new ArrayList<>()).add(fact);
  }

  /** Those of the chunks that were written, as a list of its own. */
  List<FactChunk> which(Predicate<FactChunk> condition) {
    return chunks.stream().filter(condition).toList();
  }

  List<FactChunk> all() {
    return List.copyOf(chunks);
  }

  long nextId() {
    return nextId;
  }

  /** The facts of a chunk, as they lie. */
  List<Fact> read(FactChunk chunk) {
    List<Fact> facts = new ArrayList<>();
    PacketReader reader = new PacketReader(state.get(chunk.id()).read());
    while (reader.next()) {
      facts.add(
          chunk.kind() == FactKind.AHEAD
              ? Fact.ofPacket(reader)
              : Fact.ofChunk(reader, chunk.due()));
    }
    return facts;
  }

  /** Removes a chunk, and answers the facts that were in it. */
  List<Fact> take(FactChunk chunk) {
    List<Fact> facts = read(chunk);
    remove(chunk);
    return facts;
  }

  void remove(FactChunk chunk) {
    state.remove(chunk.id());
    chunks.remove(chunk);
  }

  void setDue(FactChunk chunk, long due) {
    chunks.set(chunks.indexOf(chunk), chunk.withDue(due));
  }

  /** Writes what was added. */
  void write() {
    added.forEach(
        (kind, facts) -> {
          FactChunk small = small(kind);
          if (small != null) {
            facts.addAll(take(small));
          }
          facts.sort(Comparator.comparingLong(Fact::time));
          write(kind, facts);
        });
    added.clear();
  }

  private @Nullable FactChunk small(FactKind kind) {
    for (int i = chunks.size() - 1; i >= 0; i--) {
      FactChunk chunk = chunks.get(i);
      if (chunk.kind() == kind && chunk.size() < FEW_BYTES) {
        return chunk;
      }
    }
    return null;
  }

  private void write(FactKind kind, List<Fact> facts) {
    PacketWriter writer = new PacketWriter();
    ByteWriter value = new ByteWriter(256);
    long first = 0;
    long due = Long.MAX_VALUE;
    for (int i = 0; i < facts.size(); i++) {
      Fact fact = facts.get(i);
      first = writer.isEmpty() ? fact.time() : first;
      due = Math.min(due, fact.due());
      if (kind == FactKind.AHEAD) {
        write(writer, fact, fact.buffer(), fact.valueOffset(), fact.valueLength());
      } else {
        value.clear();
        value.writeVarint(fact.revision());
        value.writeRaw(fact.buffer(), fact.valueOffset(), fact.valueLength());
        write(writer, fact, value.buffer(), 0, value.length());
      }
      if (writer.length() >= MOST_BYTES || i == facts.size() - 1) {
        put(kind, writer.take(), first, fact.time(), due);
        due = Long.MAX_VALUE;
      }
    }
  }

  private static void write(PacketWriter writer, Fact fact, byte[] value, int offset, int length) {
    writer.write(
        fact.time(), fact.buffer(), fact.keyOffset(), fact.keyLength(), value, offset, length);
  }

  private void put(FactKind kind, byte[] packet, long first, long last, long due) {
    state.put(nextId, packet);
    chunks.add(new FactChunk(nextId, kind, first, last, due, packet.length));
    nextId++;
  }
}
