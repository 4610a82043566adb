package io.millrace.transforms.enrich;

import io.millrace.transforms.enrich.Enriched.Kind;
import io.millrace.transforms.quality.RunCounter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Hands over what one call has to say of facts, with their timestamps, and counts it. */
final class AnswerOutput<K, F, D> implements AsOfOutput<K, D> {
  private static final RunCounter CORRECTED = RunCounter.named("facts_corrected");
  private static final RunCounter UNMATCHED = RunCounter.named("facts_unmatched");
  private static final RunCounter TOO_LATE = RunCounter.named("facts_too_late");
  private static final RunCounter VERSIONS_TOO_LATE = RunCounter.named("versions_too_late");

  /** What the outputs are made with. */
  record Outputs<K, F, D>(
      Coder<K> keyCoder,
      Coder<F> factCoder,
      Coder<D> rowCoder,
      TupleTag<KV<K, Enriched<F, D>>> enriched,
      TupleTag<KV<K, F>> unmatched,
      TupleTag<KV<K, F>> tooLate)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private final Outputs<K, F, D> outputs;
  private final MultiOutputReceiver out;
  private final OutputReceiver<KV<K, Enriched<F, D>>> enriched;
  private long corrected;
  private long unmatched;
  private long tooLate;
  private long versionsTooLate;

  AnswerOutput(Outputs<K, F, D> outputs, MultiOutputReceiver out) {
    this.outputs = outputs;
    this.out = out;
    enriched = out.get(outputs.enriched());
  }

  @Override
  public void say(Fact fact, KnownRow<K, D> row, int at) {
    D decoded = null;
    if (at != Versions.NONE) {
      decoded = row.decoded(at);
      if (decoded == null) {
        decoded = decode(row.versions(), at);
        row.setDecoded(at, decoded);
      }
    }
    output(Kind.ASSERT, fact, row, decoded, since(row.versions(), at), fact.revision());
  }

  @Override
  public void takeBack(Fact fact, KnownRow<K, D> row, Versions before, int at) {
    corrected++;
    D decoded = at == Versions.NONE ? null : decode(before, at);
    output(Kind.VOID, fact, row, decoded, since(before, at), fact.revision() - 1);
  }

  private static @Nullable Instant since(Versions versions, int at) {
    return at == Versions.NONE ? null : Instant.ofEpochMilli(versions.time(at));
  }

  private void output(
      Kind kind,
      Fact fact,
      KnownRow<K, D> row,
      @Nullable D decoded,
      @Nullable Instant since,
      long revision) {
    enriched.outputWithTimestamp(
        KV.of(key(row), new Enriched<>(kind, value(fact), decoded, since, revision)),
        Instant.ofEpochMilli(fact.time()));
  }

  @Override
  public void unmatched(Fact fact, KnownRow<K, D> row) {
    unmatched++;
    output(outputs.unmatched(), fact, row);
  }

  @Override
  public void tooLate(Fact fact, KnownRow<K, D> row) {
    tooLate++;
    output(outputs.tooLate(), fact, row);
  }

  private void output(TupleTag<KV<K, F>> tag, Fact fact, KnownRow<K, D> row) {
    out.get(tag)
        .outputWithTimestamp(KV.of(key(row), value(fact)), Instant.ofEpochMilli(fact.time()));
  }

  @Override
  public void tooLate(Version version) {
    versionsTooLate++;
  }

  /** Adds to the run's counters. */
  void finish() {
    CORRECTED.add(corrected);
    UNMATCHED.add(unmatched);
    TOO_LATE.add(tooLate);
    VERSIONS_TOO_LATE.add(versionsTooLate);
  }

  private K key(KnownRow<K, D> row) {
    K key = row.decodedKey;
    if (key == null) {
      byte[] bytes = row.key.getBytes(StandardCharsets.ISO_8859_1);
      key = decode(outputs.keyCoder(), bytes, 0, bytes.length);
      row.decodedKey = key;
    }
    return key;
  }

  private F value(Fact fact) {
    return decode(outputs.factCoder(), fact.buffer(), fact.valueOffset(), fact.valueLength());
  }

  private D decode(Versions versions, int at) {
    byte[] row = versions.row(at);
    return decode(outputs.rowCoder(), row, 0, row.length);
  }

  private static <T> T decode(Coder<T> coder, byte[] bytes, int offset, int length) {
    try {
      return coder.decode(new ByteArrayInputStream(bytes, offset, length));
    } catch (IOException e) {
      throw new UncheckedIOException("What the join has kept cannot be decoded by " + coder, e);
    }
  }
}
