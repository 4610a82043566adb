package io.millrace.transforms.join;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.coders.StructuredCoder;

/**
 * Encodes {@link Joined}: a version byte; a byte for the sides that are there (1 left, 2 right, 3
 * both); the time and the element of each.
 */
public final class JoinedCoder<L, R> extends StructuredCoder<Joined<L, R>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final int LEFT = 1;
  private static final int RIGHT = 2;
  private static final InstantCoder TIMES = InstantCoder.of();

  private final Coder<L> leftCoder;
  private final Coder<R> rightCoder;

  private JoinedCoder(Coder<L> leftCoder, Coder<R> rightCoder) {
    this.leftCoder = leftCoder;
    this.rightCoder = rightCoder;
  }

  public static <L, R> JoinedCoder<L, R> of(Coder<L> leftCoder, Coder<R> rightCoder) {
    return new JoinedCoder<>(leftCoder, rightCoder);
  }

  @Override
  public void encode(Joined<L, R> joined, OutputStream out) throws IOException {
    out.write(VERSION);
    out.write((joined.leftTime() == null ? 0 : LEFT) | (joined.rightTime() == null ? 0 : RIGHT));
    if (joined.leftTime() != null) {
      TIMES.encode(joined.leftTime(), out);
      leftCoder.encode(joined.left(), out);
    }
    if (joined.rightTime() != null) {
      TIMES.encode(joined.rightTime(), out);
      rightCoder.encode(joined.right(), out);
    }
  }

  @Override
  public Joined<L, R> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException("A joined pair of version " + version + " is newer than this code");
    }
    int sides = in.read();
    var leftTime = (sides & LEFT) == 0 ? null : TIMES.decode(in);
    L left = leftTime == null ? null : leftCoder.decode(in);
    var rightTime = (sides & RIGHT) == 0 ? null : TIMES.decode(in);
    R right = rightTime == null ? null : rightCoder.decode(in);
    return new Joined<>(left, leftTime, right, rightTime);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(leftCoder, rightCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, "Elements must have deterministic bytes", leftCoder, rightCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return leftCoder.consistentWithEquals() && rightCoder.consistentWithEquals();
  }
}
