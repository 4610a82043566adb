package io.millrace.transforms.lookup;

import io.millrace.schemas.wire.ByteReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A version of a table, whole, as a worker holds it; it never changes.
 *
 * @param version in milliseconds since 1970; 0 of a table of which there is no version
 */
record Snapshot<K, R>(long version, Coder<K> keyCoder, Map<Object, R> rows) {

  /** A table of which nothing was ever loaded. */
  static <K, R> Snapshot<K, R> empty(Coder<K> keyCoder) {
    return new Snapshot<>(0, keyCoder, Map.of());
  }

  /** The version that bytes of {@link SnapshotWriter} are of, without a look at the rows. */
  static long version(byte[] bytes) {
    return open(bytes).readZigzag();
  }

  static <K, R> Snapshot<K, R> decode(byte[] bytes, Coder<K> keyCoder, Coder<R> rowCoder) {
    ByteReader in = open(bytes);
    long version = in.readZigzag();
    Map<Object, R> rows = new HashMap<>();
    while (in.hasRemaining()) {
      K key = read(in, keyCoder);
      rows.put(keyCoder.structuralValue(key), read(in, rowCoder));
    }
    return new Snapshot<>(version, keyCoder, rows);
  }

  private static ByteReader open(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    int version = in.readByte();
    if (version != SnapshotWriter.VERSION) {
      throw new IllegalStateException(
          "A looked up table has version " + version + ", which is newer than this code");
    }
    return in;
  }

  private static <T> T read(ByteReader in, Coder<T> coder) {
    int length = in.readLength();
    int offset = in.skip(length);
    try {
      return coder.decode(new ByteArrayInputStream(in.buffer(), offset, length));
    } catch (IOException e) {
      throw new LookupException("A looked up table cannot be decoded by " + coder, e);
    }
  }

  /** The row of a key; null if there is none. */
  @Nullable R find(K key) {
    return rows.get(keyCoder.structuralValue(key));
  }
}
