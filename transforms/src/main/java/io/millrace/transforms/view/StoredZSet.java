package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.block.Buckets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.apache.beam.sdk.state.MapState;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A Z-set (see {@link Delta}) in map state. A small one is a single entry; a larger one is spread
 * by hash over chunks of some 4 KB, so that a change of it rewrites one of them, however large it
 * is.
 *
 * <p>Format: the head, under {@code h} and the name, is a version (1), the number of chunks (0 if
 * the elements follow), the number of elements and their bytes (varints), and the elements; a
 * chunk, under {@code c}, its number (4 bytes) and the name, is elements. Each is its weight (a
 * zigzag varint), its length and its bytes.
 */
final class StoredZSet {
  private static final int VERSION = 1;
  private static final int CHUNK_BYTES = 4096;

  private final MapState<String, byte[]> state;
  private final String name;
  private int chunks;
  private int count;
  private long bytes;
  private Map<String, Long> inline = Map.of();

  /**
   * The Z-set of this name, as it is now.
   *
   * @param state which Z-sets of other names may share
   */
  StoredZSet(MapState<String, byte[]> state, String name) {
    this.state = state;
    this.name = name;
    byte[] head = state.get('h' + name).read();
    if (head != null) {
      ByteReader in = new ByteReader(head);
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "State of a view has version " + version + ", which this code does not know");
      }
      chunks = in.readLength();
      count = in.readLength();
      bytes = in.readVarint();
      inline = new LinkedHashMap<>();
      readElements(in, inline::put);
    }
  }

  /** Whether nothing is in it. */
  boolean isEmpty() {
    return count == 0;
  }

  /** Hands over each element with its weight, which is never 0. */
  void forEach(ObjLongConsumer<String> consumer) {
    inline.forEach(consumer::accept);
    for (int chunk = 0; chunk < chunks; chunk++) {
      chunk(chunk).forEach(consumer::accept);
    }
  }

  /** The weight of an element, 0 if it is not there. */
  long weight(String element) {
    return (chunks == 0 ? inline : chunk(chunkOf(element))).getOrDefault(element, 0L);
  }

  /** Adds weights to elements. */
  void add(Map<String, Long> deltas) {
    if (chunks == 0) {
      inline = new LinkedHashMap<>(inline);
      deltas.forEach((element, weight) -> add(inline, element, weight));
    } else {
      Map<Integer, Map<String, Long>> touched = new HashMap<>();
      deltas.forEach(
          (element, weight) ->
              add(touched.computeIfAbsent(chunkOf(element), this::chunk), element, weight));
      touched.forEach(this::writeChunk);
    }
    resize();
    writeHead();
  }

  private void add(Map<String, Long> elements, String element, long weight) {
    int before = elements.size();
    elements.merge(element, weight, Delta::sum);
    int more = elements.size() - before;
    count += more;
    bytes += (long) more * element.length();
  }

  private void resize() {
    int wanted = chunks;
    while (bytes > (long) CHUNK_BYTES * Math.max(1, wanted)) {
      wanted = Math.max(2, wanted * 2);
    }
    while (wanted > 0 && bytes < (long) CHUNK_BYTES / 4 * wanted) {
      wanted = wanted == 2 ? 0 : wanted / 2;
    }
    if (wanted == chunks) {
      return;
    }
    List<Map<String, Long>> parts = new ArrayList<>();
    for (int i = 0; i < Math.max(1, wanted); i++) {
      parts.add(new LinkedHashMap<>());
    }
    int into = Math.max(1, wanted);
    forEach((element, weight) -> parts.get(chunkOf(element, into)).put(element, weight));
    for (int i = wanted; i < chunks; i++) {
      state.remove(key(i));
    }
    chunks = wanted;
    inline = wanted == 0 ? parts.get(0) : Map.of();
    for (int i = 0; i < wanted; i++) {
      writeChunk(i, parts.get(i));
    }
  }

  private void writeHead() {
    if (count == 0 && chunks == 0) {
      state.remove('h' + name);
      return;
    }
    ByteWriter out = new ByteWriter(64);
    out.writeByte(VERSION);
    out.writeVarint(chunks);
    out.writeVarint(count);
    out.writeVarint(bytes);
    writeElements(inline, out);
    state.put('h' + name, out.toByteArray());
  }

  private void writeChunk(int chunk, Map<String, Long> elements) {
    if (elements.isEmpty()) {
      state.remove(key(chunk));
      return;
    }
    ByteWriter out = new ByteWriter(CHUNK_BYTES);
    writeElements(elements, out);
    state.put(key(chunk), out.toByteArray());
  }

  private Map<String, Long> chunk(int chunk) {
    byte @Nullable [] encoded = state.get(key(chunk)).read();
    Map<String, Long> elements = new LinkedHashMap<>();
    if (encoded != null) {
      readElements(new ByteReader(encoded), elements::put);
    }
    return elements;
  }

  /** The number has a fixed length, so that no name and number are those of another. */
  private String key(int chunk) {
    ByteWriter number = new ByteWriter(4);
    number.writeInt(chunk);
    return 'c' + Delta.text(number.toByteArray()) + name;
  }

  private int chunkOf(String element) {
    return chunkOf(element, chunks);
  }

  private static int chunkOf(String element, int chunks) {
    return Buckets.of(element.hashCode(), chunks);
  }

  private static void writeElements(Map<String, Long> elements, ByteWriter out) {
    elements.forEach(
        (element, weight) -> {
          out.writeZigzag(weight);
          out.writeBytes(Delta.bytes(element));
        });
  }

  private static void readElements(ByteReader in, ObjLongConsumer<String> consumer) {
    while (in.hasRemaining()) {
      long weight = in.readZigzag();
      int length = in.readLength();
      int start = in.skip(length);
      consumer.accept(Delta.text(in.buffer(), start, length), weight);
    }
  }
}
