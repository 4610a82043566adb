package io.millrace.transforms.quality;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.ChangeEventWriter;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Encodes a {@link DeadLetter}: a version byte, then its fields in order, enums by name. Version 1,
 * which is still read, ends before the format.
 */
public final class DeadLetterCoder extends AtomicCoder<DeadLetter> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 2;
  private static final DeadLetterCoder INSTANCE = new DeadLetterCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static DeadLetterCoder of() {
    return INSTANCE;
  }

  /** What {@link org.apache.beam.sdk.coders.DefaultCoder} asks for. */
  public static CoderProvider getCoderProvider() {
    return CoderProviders.forCoder(TypeDescriptor.of(DeadLetter.class), INSTANCE);
  }

  @Override
  public void encode(DeadLetter letter, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(512);
    bytes.writeByte(VERSION);
    bytes.writeText(letter.reason().name());
    bytes.writeText(letter.stage().name());
    bytes.writeText(letter.message());
    String table = letter.table();
    optional(bytes, table);
    Position position = letter.position();
    optional(bytes, position == null ? null : position.bytes());
    bytes.writeText(letter.origin().source());
    bytes.writeZigzag(letter.origin().partition());
    bytes.writeZigzag(letter.origin().offset());
    bytes.writeZigzag(letter.origin().line());
    optional(bytes, letter.recordKey());
    optional(bytes, letter.record());
    optional(bytes, pack(letter.change()));
    bytes.writeZigzag(letter.rejectedAtMillis());
    ChangeFormat format = letter.format();
    optional(bytes, format == null ? null : format.name());
    optional(bytes, letter.positionEpoch());
    optional(bytes, letter.receivedAtMillis());
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public DeadLetter decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version < 1 || version > VERSION) {
      throw new CoderException("A dead letter of version " + version + " is newer than this code");
    }
    DeadLetter.Builder letter = DeadLetter.builder();
    letter.setReason(Reason.valueOf(bytes.readText()));
    letter.setStage(DeadLetter.Stage.valueOf(bytes.readText()));
    letter.setMessage(bytes.readText());
    letter.setTable(optional(bytes, bytes::readText));
    letter.setPosition(optional(bytes, () -> Position.of(bytes.readBytes())));
    String source = bytes.readText();
    int partition = (int) bytes.readZigzag();
    long offset = bytes.readZigzag();
    letter.setOrigin(Origin.of(source, partition, offset, bytes.readZigzag()));
    letter.setRecordKey(optional(bytes, bytes::readBytes));
    letter.setRecord(optional(bytes, bytes::readBytes));
    letter.setChange(unpack(optional(bytes, bytes::readBytes)));
    letter.setRejectedAtMillis(bytes.readZigzag());
    if (version > 1) {
      letter.setFormat(optional(bytes, () -> ChangeFormat.valueOf(bytes.readText())));
      letter.setPositionEpoch(optional(bytes, () -> (int) bytes.readZigzag()));
      letter.setReceivedAtMillis(optional(bytes, bytes::readZigzag));
    }
    return letter.build();
  }

  private static void optional(ByteWriter bytes, @Nullable String value) {
    bytes.writeByte(value == null ? 0 : 1);
    if (value != null) {
      bytes.writeText(value);
    }
  }

  private static void optional(ByteWriter bytes, @Nullable Number value) {
    bytes.writeByte(value == null ? 0 : 1);
    if (value != null) {
      bytes.writeZigzag(value.longValue());
    }
  }

  private static void optional(ByteWriter bytes, byte @Nullable [] value) {
    bytes.writeByte(value == null ? 0 : 1);
    if (value != null) {
      bytes.writeBytes(value);
    }
  }

  private static <T> @Nullable T optional(ByteReader bytes, Supplier<T> value) {
    return bytes.readByte() == 0 ? null : value.get();
  }

  private static byte @Nullable [] pack(@Nullable ChangeEvent change) {
    if (change == null) {
      return null;
    }
    ChangeEventWriter writer = new ChangeEventWriter(512);
    writer.write(change);
    return writer.take();
  }

  private static @Nullable ChangeEvent unpack(byte @Nullable [] block) {
    if (block == null) {
      return null;
    }
    ChangeEventReader reader = new ChangeEventReader(block);
    reader.next();
    return reader.event();
  }
}
