package io.millrace.schemas;

import io.millrace.schemas.wire.BlockWriter;
import io.millrace.schemas.wire.ByteWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Packs change events into a block of bytes. Text that recurs (tables, files, topics, encodings,
 * columns) is written once a block and named by its number afterwards.
 *
 * <p>Format, version 2: the version byte, then frames. A frame that begins with 0 defines the next
 * text (length, UTF-8). One that begins with 1 is an event: the length of the rest (4 bytes,
 * big-endian), the operation's code, the table's text, key, position, the number of unchanged
 * columns and their texts; then flags (1 before, 2 after, 4 transaction), the three times (8 bytes
 * each, big-endian; zigzag varints in version 1), the origin (text, partition, offset, line), the
 * transaction, and the images, each with its encoding's text. {@link ChangeEventReader} reads it,
 * and can decide by key and position alone which events to skip.
 */
public final class ChangeEventWriter implements BlockWriter {
  static final int VERSION = 2;
  static final int TEXT_FRAME = 0;
  static final int EVENT_FRAME = 1;
  static final int HAS_BEFORE = 1;
  static final int HAS_AFTER = 2;
  static final int HAS_TRANSACTION = 4;

  private final ByteWriter out;
  private final Map<Object, Integer> texts = new HashMap<>();

  /** The texts that were asked for last, which mostly come again as the same object. */
  private final @Nullable Object[] recent = new Object[4];

  private final int[] recentNumbers = new int[recent.length];
  private int nextRecent;

  /** A writer whose array first holds {@code capacity} bytes. */
  public ChangeEventWriter(int capacity) {
    out = new ByteWriter(capacity);
    out.writeByte(VERSION);
  }

  @Override
  public int length() {
    return out.length();
  }

  @Override
  public boolean isEmpty() {
    return out.length() == 1;
  }

  @Override
  public byte[] take() {
    byte[] block = out.toByteArray();
    out.clear();
    out.writeByte(VERSION);
    texts.clear();
    Arrays.fill(recent, null);
    return block;
  }

  /** Appends an event. */
  public void write(ChangeEvent event) {
    int table = text(event.table());
    int source = text(event.origin().source());
    List<String> unchanged = event.unchanged();
    for (int i = 0; i < unchanged.size(); i++) {
      text(unchanged.get(i));
    }
    Image before = event.before();
    Image after = event.after();
    int beforeEncoding = before == null ? 0 : text(before.encoding());
    int afterEncoding = after == null ? 0 : text(after.encoding());
    String transaction = event.transactionId();

    out.writeByte(EVENT_FRAME);
    int start = out.length();
    out.writeInt(0);
    out.writeByte(event.operation().code());
    out.writeVarint(table);
    out.writeBytes(event.key().bytes());
    out.writeBytes(event.position().bytes());
    out.writeVarint(unchanged.size());
    for (int i = 0; i < unchanged.size(); i++) {
      out.writeVarint(text(unchanged.get(i)));
    }
    out.writeByte(
        (before == null ? 0 : HAS_BEFORE)
            | (after == null ? 0 : HAS_AFTER)
            | (transaction == null ? 0 : HAS_TRANSACTION));
    out.writeLong(event.committedAt());
    out.writeLong(event.capturedAt());
    out.writeLong(event.receivedAt());
    out.writeVarint(source);
    out.writeZigzag(event.origin().partition());
    out.writeZigzag(event.origin().offset());
    out.writeZigzag(event.origin().line());
    if (transaction != null) {
      out.writeText(transaction);
    }
    image(before, beforeEncoding);
    image(after, afterEncoding);
    out.setInt(start, out.length() - start - 4);
  }

  private void image(@Nullable Image image, int encoding) {
    if (image != null) {
      out.writeVarint(encoding);
      out.writeBytes(image.buffer(), image.offset(), image.length());
    }
  }

  /** The number of a text, defined on the way if it is new to the block. */
  @SuppressWarnings("ReferenceEquality") // the map compares by value
  private int text(Object text) {
    for (int i = 0; i < recent.length; i++) {
      if (recent[i] == text) {
        return recentNumbers[i];
      }
    }
    Integer known = texts.get(text);
    int number = known == null ? texts.size() : known;
    if (known == null) {
      texts.put(text, number);
      out.writeByte(TEXT_FRAME);
      out.writeText(text.toString());
    }
    recent[nextRecent] = text;
    recentNumbers[nextRecent] = number;
    nextRecent = (nextRecent + 1) % recent.length;
    return number;
  }
}
