package io.millrace.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Encodes a {@link ChangeEvent} as a block of one (see {@link ChangeEventWriter} for the format,
 * whose first byte is the version).
 */
public final class ChangeEventCoder extends AtomicCoder<ChangeEvent> {
  private static final long serialVersionUID = 1L;
  private static final ChangeEventCoder INSTANCE = new ChangeEventCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static ChangeEventCoder of() {
    return INSTANCE;
  }

  /** What {@link org.apache.beam.sdk.coders.DefaultCoder} asks for. */
  public static CoderProvider getCoderProvider() {
    return CoderProviders.forCoder(TypeDescriptor.of(ChangeEvent.class), INSTANCE);
  }

  @Override
  public void encode(ChangeEvent event, OutputStream out) throws IOException {
    ChangeEventWriter writer = new ChangeEventWriter(512);
    writer.write(event);
    BYTES.encode(writer.take(), out);
  }

  @Override
  public ChangeEvent decode(InputStream in) throws IOException {
    try {
      ChangeEventReader reader = new ChangeEventReader(BYTES.decode(in));
      if (!reader.next()) {
        throw new CoderException("An encoded change event holds no event");
      }
      return reader.event();
    } catch (IllegalStateException e) {
      throw new CoderException(e);
    }
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
