package io.millrace.schemas;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Encodes a {@link BusinessEvent} as the length of the rest (varint), a version byte, flags (1
 * source), the type, the id, the source, the three times (8 bytes each, big-endian), the origin
 * (source, partition, offset, line), and the image (encoding, bytes). Texts and bytes have their
 * length before them, as a varint.
 */
public final class BusinessEventCoder extends AtomicCoder<BusinessEvent> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final int HAS_SOURCE = 1;

  /** What an event takes beside its id, source and image; more makes the array grow. */
  private static final int USUAL_BYTES = 160;

  private static final BusinessEventCoder INSTANCE = new BusinessEventCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static BusinessEventCoder of() {
    return INSTANCE;
  }

  /** What {@link org.apache.beam.sdk.coders.DefaultCoder} asks for. */
  public static CoderProvider getCoderProvider() {
    return CoderProviders.forCoder(TypeDescriptor.of(BusinessEvent.class), INSTANCE);
  }

  @Override
  public void encode(BusinessEvent event, OutputStream stream) throws IOException {
    Image image = event.image();
    String source = event.source();
    Origin origin = event.origin();
    ByteWriter out = new ByteWriter(image.length() + USUAL_BYTES);
    out.writeByte(VERSION);
    out.writeByte(source == null ? 0 : HAS_SOURCE);
    out.writeText(event.type());
    out.writeBytes(event.id().bytes());
    if (source != null) {
      out.writeText(source);
    }
    out.writeLong(event.occurredAt());
    out.writeLong(event.sentAt());
    out.writeLong(event.receivedAt());
    out.writeText(origin.source());
    out.writeZigzag(origin.partition());
    out.writeZigzag(origin.offset());
    out.writeZigzag(origin.line());
    out.writeText(image.encoding().toString());
    out.writeBytes(image.buffer(), image.offset(), image.length());
    VarInt.encode(out.length(), stream);
    stream.write(out.buffer(), 0, out.length());
  }

  @Override
  public BusinessEvent decode(InputStream stream) throws IOException {
    ByteReader in = new ByteReader(BYTES.decode(stream));
    int version = in.readByte();
    if (version != VERSION) {
      throw new CoderException(
          "A business event has version " + version + ", which this code does not know");
    }
    int flags = in.readByte();
    BusinessEvent.Builder event =
        BusinessEvent.builder().setType(in.readText()).setId(Key.of(in.readBytes()));
    if ((flags & HAS_SOURCE) != 0) {
      event.setSource(in.readText());
    }
    event.setOccurredAt(in.readLong()).setSentAt(in.readLong()).setReceivedAt(in.readLong());
    String source = in.readText();
    int partition = (int) in.readZigzag();
    long offset = in.readZigzag();
    event.setOrigin(Origin.of(source, partition, offset, in.readZigzag()));
    ImageEncoding encoding = ImageEncoding.parse(in.readText());
    int length = in.readLength();
    return event.setImage(Image.of(in.buffer(), in.skip(length), length, encoding)).build();
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
