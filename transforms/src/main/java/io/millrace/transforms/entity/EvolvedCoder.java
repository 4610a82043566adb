package io.millrace.transforms.entity;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Encodes {@link Evolved}: a version byte, revision, time and count, then the entity or null. */
public final class EvolvedCoder<S> extends StructuredCoder<Evolved<S>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final VarLongCoder NUMBERS = VarLongCoder.of();
  private static final InstantCoder TIMES = InstantCoder.of();

  private final NullableCoder<S> entityCoder;

  private EvolvedCoder(NullableCoder<S> entityCoder) {
    this.entityCoder = entityCoder;
  }

  public static <S> EvolvedCoder<S> of(Coder<S> entityCoder) {
    return new EvolvedCoder<>(NullableCoder.of(entityCoder));
  }

  @Override
  public void encode(Evolved<S> evolved, OutputStream out) throws IOException {
    out.write(VERSION);
    NUMBERS.encode(evolved.revision(), out);
    TIMES.encode(evolved.asOf(), out);
    NUMBERS.encode(evolved.events(), out);
    entityCoder.encode(evolved.entity(), out);
  }

  @Override
  public Evolved<S> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException(
          "An evolved entity of version " + version + " is newer than this code");
    }
    long revision = NUMBERS.decode(in);
    var asOf = TIMES.decode(in);
    long events = NUMBERS.decode(in);
    return new Evolved<>(entityCoder.decode(in), revision, asOf, events);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(entityCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, "The entity must have deterministic bytes", entityCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return entityCoder.consistentWithEquals();
  }
}
