package io.millrace.transforms.sketch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Encodes {@link Frequency}: a version byte, the item, then the three numbers. */
public final class FrequencyCoder<T> extends StructuredCoder<Frequency<T>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final VarLongCoder NUMBERS = VarLongCoder.of();

  private final Coder<T> itemCoder;

  private FrequencyCoder(Coder<T> itemCoder) {
    this.itemCoder = itemCoder;
  }

  public static <T> FrequencyCoder<T> of(Coder<T> itemCoder) {
    return new FrequencyCoder<>(itemCoder);
  }

  @Override
  public void encode(Frequency<T> frequency, OutputStream out) throws IOException {
    out.write(VERSION);
    itemCoder.encode(frequency.item(), out);
    NUMBERS.encode(frequency.estimate(), out);
    NUMBERS.encode(frequency.lowerBound(), out);
    NUMBERS.encode(frequency.upperBound(), out);
  }

  @Override
  public Frequency<T> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException("A frequency of version " + version + " is newer than this code");
    }
    return new Frequency<>(
        itemCoder.decode(in), NUMBERS.decode(in), NUMBERS.decode(in), NUMBERS.decode(in));
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(itemCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, "Items must have deterministic bytes", itemCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return itemCoder.consistentWithEquals();
  }
}
