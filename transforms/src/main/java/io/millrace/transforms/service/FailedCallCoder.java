package io.millrace.transforms.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/** Encodes {@link FailedCall}: a version byte, the reason's name, the message, then the element. */
public final class FailedCallCoder<T> extends StructuredCoder<FailedCall<T>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final StringUtf8Coder TEXTS = StringUtf8Coder.of();

  private final Coder<T> elementCoder;

  private FailedCallCoder(Coder<T> elementCoder) {
    this.elementCoder = elementCoder;
  }

  public static <T> FailedCallCoder<T> of(Coder<T> elementCoder) {
    return new FailedCallCoder<>(elementCoder);
  }

  @Override
  public void encode(FailedCall<T> failed, OutputStream out) throws IOException {
    out.write(VERSION);
    TEXTS.encode(failed.reason().name(), out);
    TEXTS.encode(failed.message(), out);
    elementCoder.encode(failed.element(), out);
  }

  @Override
  public FailedCall<T> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException("A failed call of version " + version + " is newer than this code");
    }
    FailedCall.Reason reason = FailedCall.Reason.valueOf(TEXTS.decode(in));
    String message = TEXTS.decode(in);
    return new FailedCall<>(elementCoder.decode(in), reason, message);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(elementCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, "The element must have deterministic bytes", elementCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return elementCoder.consistentWithEquals();
  }
}
