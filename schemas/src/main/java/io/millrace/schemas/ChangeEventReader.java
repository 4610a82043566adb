package io.millrace.schemas;

import io.millrace.schemas.wire.ByteReader;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Walks over a block that {@link ChangeEventWriter} packed. After {@link #next()} the head of an
 * event (operation, table, key, position, unchanged columns) can be asked for at once; the rest is
 * read only by {@link #event()}, so that skipping an event costs next to nothing.
 */
public final class ChangeEventReader {
  private final ByteReader in;
  private final int version;
  private final List<String> texts = new ArrayList<>();
  private final List<@Nullable ImageEncoding> encodings = new ArrayList<>();

  private Operation operation = Operation.READ;
  private String table = "";
  private int keyStart;
  private int keyLength;
  private int positionStart;
  private int positionLength;
  private List<String> unchanged = List.of();
  private int end;

  /**
   * A reader before the block's first event.
   *
   * @throws IllegalStateException if the block is of a version that this code does not know
   */
  public ChangeEventReader(byte[] block) {
    in = new ByteReader(block);
    version = in.readByte();
    if (version < 1 || version > ChangeEventWriter.VERSION) {
      throw new IllegalStateException(
          "A block of change events has version " + version + ", which is newer than this code");
    }
    end = in.position();
  }

  /** Moves to the next event; false after the last. */
  public boolean next() {
    in.skip(end - in.position());
    while (in.hasRemaining()) {
      if (in.readByte() == ChangeEventWriter.TEXT_FRAME) {
        texts.add(in.readText());
        encodings.add(null);
        continue;
      }
      int length = in.readInt();
      end = in.position() + length;
      readHead();
      return true;
    }
    return false;
  }

  private void readHead() {
    operation = Operation.ofCode(in.readByte());
    table = texts.get(in.readLength());
    keyLength = in.readLength();
    keyStart = in.skip(keyLength);
    positionLength = in.readLength();
    positionStart = in.skip(positionLength);
    int count = in.readLength();
    if (count == 0) {
      unchanged = List.of();
      return;
    }
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = texts.get(in.readLength());
    }
    unchanged = List.of(names);
  }

  /** The array that {@link #keyStart()} and {@link #positionStart()} point into: read only. */
  public byte[] buffer() {
    return in.buffer();
  }

  public Operation operation() {
    return operation;
  }

  public String table() {
    return table;
  }

  public int keyStart() {
    return keyStart;
  }

  public int keyLength() {
    return keyLength;
  }

  public int positionStart() {
    return positionStart;
  }

  public int positionLength() {
    return positionLength;
  }

  public List<String> unchanged() {
    return unchanged;
  }

  /** The whole event; its images are slices of the block. Call it once after {@link #next()}. */
  public ChangeEvent event() {
    ChangeEvent.Builder event = ChangeEvent.builder();
    event.setOperation(operation).setTable(table).setUnchanged(unchanged);
    event.setKey(Key.of(copy(keyStart, keyLength)));
    event.setPosition(Position.of(copy(positionStart, positionLength)));
    int flags = in.readByte();
    event.setCommittedAt(time());
    event.setCapturedAt(time());
    event.setReceivedAt(time());
    String source = texts.get(in.readLength());
    int partition = (int) in.readZigzag();
    long offset = in.readZigzag();
    event.setOrigin(Origin.of(source, partition, offset, in.readZigzag()));
    if ((flags & ChangeEventWriter.HAS_TRANSACTION) != 0) {
      event.setTransactionId(in.readText());
    }
    if ((flags & ChangeEventWriter.HAS_BEFORE) != 0) {
      event.setBefore(image());
    }
    if ((flags & ChangeEventWriter.HAS_AFTER) != 0) {
      event.setAfter(image());
    }
    return event.build();
  }

  private long time() {
    return version == 1 ? in.readZigzag() : in.readLong();
  }

  private Image image() {
    int text = in.readLength();
    ImageEncoding encoding = encodings.get(text);
    if (encoding == null) {
      encoding = ImageEncoding.parse(texts.get(text));
      encodings.set(text, encoding);
    }
    int length = in.readLength();
    return Image.of(in.buffer(), in.skip(length), length, encoding);
  }

  private byte[] copy(int start, int length) {
    return java.util.Arrays.copyOfRange(in.buffer(), start, start + length);
  }
}
