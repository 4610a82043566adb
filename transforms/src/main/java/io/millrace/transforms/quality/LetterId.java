package io.millrace.transforms.quality;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.wire.ByteWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What makes two lines of dead letters the same letter: stage, origin, the bytes of the record, and
 * what names the change in its source. Why and when it was stopped do not count, so a letter that a
 * retried bundle wrote again is still the same.
 */
final class LetterId {
  private static final int BYTES = 16;

  /** The letter's identity, 32 hexadecimal digits. It stands in files and never changes. */
  static String of(DeadLetter letter) {
    ByteWriter bytes = new ByteWriter(512);
    bytes.writeText(letter.stage().name());
    write(bytes, letter.origin());
    write(bytes, letter.recordKey());
    write(bytes, letter.record());
    ChangeEvent change = letter.change();
    if (change != null) {
      bytes.writeText(change.table());
      bytes.writeText(change.operation().name());
      bytes.writeBytes(change.key().bytes());
      bytes.writeBytes(change.position().bytes());
    }
    byte[] digest = sha256(bytes.toByteArray());
    return HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES));
  }

  /** What letters and changes of one record have in common. */
  static String ofRecord(Origin origin) {
    ByteWriter bytes = new ByteWriter(128);
    write(bytes, origin);
    return HexFormat.of().formatHex(Arrays.copyOf(sha256(bytes.toByteArray()), BYTES));
  }

  private static void write(ByteWriter bytes, Origin origin) {
    bytes.writeText(origin.source());
    bytes.writeZigzag(origin.partition());
    bytes.writeZigzag(origin.offset());
    bytes.writeZigzag(origin.line());
  }

  private static void write(ByteWriter bytes, byte @Nullable [] value) {
    bytes.writeByte(value == null ? 0 : 1);
    if (value != null) {
      bytes.writeBytes(value);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private LetterId() {}
}
