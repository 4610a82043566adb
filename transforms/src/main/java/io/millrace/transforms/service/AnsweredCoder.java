package io.millrace.transforms.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StructuredCoder;

/** Encodes {@link Answered}: a version byte, the element, then the answer or null. */
public final class AnsweredCoder<V, R> extends StructuredCoder<Answered<V, R>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  private final Coder<V> elementCoder;
  private final NullableCoder<R> answerCoder;

  private AnsweredCoder(Coder<V> elementCoder, NullableCoder<R> answerCoder) {
    this.elementCoder = elementCoder;
    this.answerCoder = answerCoder;
  }

  public static <V, R> AnsweredCoder<V, R> of(Coder<V> elementCoder, Coder<R> answerCoder) {
    return new AnsweredCoder<>(elementCoder, NullableCoder.of(answerCoder));
  }

  @Override
  public void encode(Answered<V, R> answered, OutputStream out) throws IOException {
    out.write(VERSION);
    elementCoder.encode(answered.element(), out);
    answerCoder.encode(answered.answer(), out);
  }

  @Override
  public Answered<V, R> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException(
          "An answered element of version " + version + " is newer than this code");
    }
    V element = elementCoder.decode(in);
    return new Answered<>(element, answerCoder.decode(in));
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(elementCoder, answerCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(
        this, "Element and answer must have deterministic bytes", elementCoder, answerCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return elementCoder.consistentWithEquals() && answerCoder.consistentWithEquals();
  }
}
