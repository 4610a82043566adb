package io.millrace.transforms.enrich;

import io.millrace.transforms.enrich.Enriched.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.joda.time.Instant;

/**
 * Encodes {@link Enriched}: a version byte, flags (1: takes back, 2: has a row), the revision, the
 * fact, and of a row the milliseconds since 1970 in eight bytes and the row.
 */
public final class EnrichedCoder<F, D> extends StructuredCoder<Enriched<F, D>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final int VOID = 1;
  private static final int ROW = 2;
  private static final VarLongCoder NUMBERS = VarLongCoder.of();
  private static final BigEndianLongCoder TIMES = BigEndianLongCoder.of();

  private final Coder<F> factCoder;
  private final Coder<D> rowCoder;

  private EnrichedCoder(Coder<F> factCoder, Coder<D> rowCoder) {
    this.factCoder = factCoder;
    this.rowCoder = rowCoder;
  }

  /** A coder of facts and rows of these coders. */
  public static <F, D> EnrichedCoder<F, D> of(Coder<F> factCoder, Coder<D> rowCoder) {
    return new EnrichedCoder<>(factCoder, rowCoder);
  }

  @Override
  public void encode(Enriched<F, D> enriched, OutputStream out) throws IOException {
    D row = enriched.row();
    Instant since = enriched.since();
    out.write(VERSION);
    out.write((enriched.isVoid() ? VOID : 0) | (row != null ? ROW : 0));
    NUMBERS.encode(enriched.revision(), out);
    factCoder.encode(enriched.fact(), out);
    if (row != null && since != null) {
      TIMES.encode(since.getMillis(), out);
      rowCoder.encode(row, out);
    }
  }

  @Override
  public Enriched<F, D> decode(InputStream in) throws IOException {
    int version = in.read();
    if (version != VERSION) {
      throw new CoderException(
          "An enriched fact of version " + version + " is newer than this code");
    }
    int flags = in.read();
    Kind kind = (flags & VOID) == 0 ? Kind.ASSERT : Kind.VOID;
    long revision = NUMBERS.decode(in);
    F fact = factCoder.decode(in);
    if ((flags & ROW) == 0) {
      return new Enriched<>(kind, fact, null, null, revision);
    }
    Instant since = Instant.ofEpochMilli(TIMES.decode(in));
    return new Enriched<>(kind, fact, rowCoder.decode(in), since, revision);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(factCoder, rowCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, "Fact and row must have deterministic bytes", factCoder, rowCoder);
  }

  @Override
  public boolean consistentWithEquals() {
    return factCoder.consistentWithEquals() && rowCoder.consistentWithEquals();
  }
}
