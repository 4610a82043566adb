package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.PacketReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A change of a Z-set, which is a set whose elements are there a number of times, also a negative
 * one: an element, and how many times more it is there. As bytes: the number as a zigzag varint,
 * then the element.
 *
 * <p>Changes are added in any order and come to the same; that is why a view does not depend on it.
 *
 * @see <a href="https://www.vldb.org/pvldb/vol16/p1601-budiu.pdf">Budiu, Chajed, McSherry, Ryzhyk,
 *     Tannen: DBSP: Automatic Incremental View Maintenance for Rich Query Languages, VLDB 2023</a>
 */
final class Delta {

  static byte[] of(long weight, byte[] element) {
    ByteWriter out = new ByteWriter(element.length + 2);
    out.writeZigzag(weight);
    out.writeRaw(element, 0, element.length);
    return out.toByteArray();
  }

  /** A hash of the element alone, so that what goes finds what came. */
  static int hash(byte[] delta) {
    ByteReader in = new ByteReader(delta);
    in.readZigzag();
    return Buckets.hash(delta, in.position(), delta.length - in.position());
  }

  /**
   * The deltas of a packet by their keys, summed up by element. Keys and elements are their bytes
   * as Latin-1 characters; an element that comes to 0 is left out.
   */
  static Map<String, Map<String, Long>> read(PacketReader packet) {
    Map<String, Map<String, Long>> deltas = new LinkedHashMap<>();
    while (packet.next()) {
      ByteReader in = value(packet);
      long weight = in.readZigzag();
      int start = in.position();
      int length = packet.valueOffset() + packet.valueLength() - start;
      deltas
          .computeIfAbsent(key(packet), key -> new HashMap<>())
          .merge(text(packet.buffer(), start, length), weight, Delta::sum);
    }
    return deltas;
  }

  /** The key of the element that a packet is at; the coder of bytes writes their length first. */
  static String key(PacketReader packet) {
    ByteReader in = new ByteReader(packet.buffer(), packet.keyOffset(), packet.keyLength());
    int length = in.readLength();
    return text(packet.buffer(), in.position(), length);
  }

  /** A reader of the bytes that the element is that a packet is at. */
  static ByteReader value(PacketReader packet) {
    ByteReader in = new ByteReader(packet.buffer(), packet.valueOffset(), packet.valueLength());
    in.readLength();
    return in;
  }

  /** The sum of two weights; null if it is 0, which is that of what is not there. */
  static @Nullable Long sum(long one, long other) {
    long sum = one + other;
    return sum == 0 ? null : sum;
  }

  static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Delta() {}
}
