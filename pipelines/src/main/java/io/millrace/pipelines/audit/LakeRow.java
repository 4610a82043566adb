package io.millrace.pipelines.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the changes of a row come to, whatever order they are taken in: the newest, with the columns
 * that it left unchanged from the newest change before that has them.
 */
final class LakeRow {
  private static final byte[] NEVER = {};

  private final byte[] position;
  private final boolean isDeleted;
  private byte[] texts;

  /** By column that the newest change left open, the position of what supplied it. */
  private final byte @Nullable [][] suppliers;

  private LakeRow(byte[] position, boolean isDeleted, byte[] texts, byte @Nullable [][] suppliers) {
    this.position = position;
    this.isDeleted = isDeleted;
    this.texts = texts;
    this.suppliers = suppliers;
  }

  /**
   * A change.
   *
   * @param isOpen by column, whether it left it unchanged; null if it left none
   */
  static LakeRow of(
      byte[] position,
      boolean isDeleted,
      List<@Nullable String> texts,
      boolean @Nullable [] isOpen) {
    byte[][] suppliers = null;
    if (isOpen != null) {
      suppliers = new byte[isOpen.length][];
      for (int i = 0; i < isOpen.length; i++) {
        suppliers[i] = isOpen[i] ? NEVER : null;
      }
    }
    return new LakeRow(position, isDeleted, encode(texts), suppliers);
  }

  /** Both changes together. */
  LakeRow merge(LakeRow other) {
    int order = Arrays.compareUnsigned(position, other.position);
    if (order == 0) {
      return other.isDeleted ? other : this;
    }
    LakeRow newer = order > 0 ? this : other;
    LakeRow older = order > 0 ? other : this;
    if (newer.suppliers == null) {
      return newer;
    }
    List<@Nullable String> filled = new ArrayList<>(newer.texts());
    List<@Nullable String> from = older.texts();
    for (int i = 0; i < filled.size(); i++) {
      byte[] supplier = older.suppliers == null ? null : older.suppliers[i];
      byte[] at = supplier == null ? older.position : supplier;
      if (newer.suppliers[i] != null && Arrays.compareUnsigned(at, newer.suppliers[i]) > 0) {
        filled.set(i, from.get(i));
        newer.suppliers[i] = at;
      }
    }
    newer.texts = encode(filled);
    return newer;
  }

  /** Whether the row is there, if the table was truncated at a position. */
  boolean isThere(byte @Nullable [] truncated) {
    return !isDeleted && (truncated == null || Arrays.compareUnsigned(position, truncated) > 0);
  }

  byte[] position() {
    return position;
  }

  List<@Nullable String> texts() {
    List<@Nullable String> decoded = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(texts);
    while (bytes.hasRemaining()) {
      int length = bytes.getInt();
      if (length < 0) {
        decoded.add(null);
      } else {
        byte[] text = new byte[length];
        bytes.get(text);
        decoded.add(new String(text, StandardCharsets.UTF_8));
      }
    }
    return Collections.unmodifiableList(decoded);
  }

  /** Packed, since all rows are kept in memory. */
  private static byte[] encode(List<@Nullable String> texts) {
    List<byte[]> encoded = new ArrayList<>();
    int size = 0;
    for (String text : texts) {
      byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
      encoded.add(bytes);
      size += Integer.BYTES + (bytes == null ? 0 : bytes.length);
    }
    ByteBuffer packed = ByteBuffer.allocate(size);
    for (byte[] bytes : encoded) {
      packed.putInt(bytes == null ? -1 : bytes.length);
      if (bytes != null) {
        packed.put(bytes);
      }
    }
    return packed.array();
  }
}
