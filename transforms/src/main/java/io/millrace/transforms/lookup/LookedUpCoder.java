package io.millrace.transforms.lookup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Encodes {@link LookedUp}: a version byte, the table's version and its age (varints), then the
 * element, and the row or null.
 */
public final class LookedUpCoder<V, R> extends StructuredCoder<LookedUp<V, R>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final VarLongCoder NUMBERS = VarLongCoder.of();

  private final Coder<V> elementCoder;
  private final NullableCoder<R> rowCoder;

  private LookedUpCoder(Coder<V> elementCoder, NullableCoder<R> rowCoder) {
    this.elementCoder = elementCoder;
    this.rowCoder = rowCoder;
  }

  public static <V, R> LookedUpCoder<V, R> of(Coder<V> elementCoder, Coder<R> rowCoder) {
    return new LookedUpCoder<>(elementCoder, NullableCoder.of(rowCoder));
  }

  @Override
  public void encode(LookedUp<V, R> found, OutputStream out) throws IOException {
    out.write(VERSION);
    NUMBERS.encode(found.version(), out);
    NUMBERS.encode(found.ageMillis(), out);
    elementCoder.encode(found.element(), out);
    rowCoder.encode(found.row(), out);
  }

  @Override
  public LookedUp<V, R> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException(
          "A looked up element of version " + version + " is newer than this code");
    }
    long tableVersion = NUMBERS.decode(in);
    long ageMillis = NUMBERS.decode(in);
    V element = elementCoder.decode(in);
    return new LookedUp<>(element, rowCoder.decode(in), tableVersion, ageMillis);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(elementCoder, rowCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(
        this, "Element and row must have deterministic bytes", elementCoder, rowCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return elementCoder.consistentWithEquals() && rowCoder.consistentWithEquals();
  }
}
