package io.millrace.transforms.enrich;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.PackByKey;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;

/**
 * Joins each fact with what a table's row was at the fact's time: an as-of join, also called a
 * temporal join, as <a
 * href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/dev/table/sql/queries/joins/#temporal-joins">Flink
 * SQL</a> has it. Made by {@link EnrichWith#versionedTable}.
 *
 * <p><b>Which row.</b> Of the versions of the fact's key the newest that is no later than the
 * fact's timestamp; of those with one time the one with the highest position. If that is a delete,
 * there is no row. If no version is as early, the row's first version if it begins no later after
 * the fact than facts wait; if that is not so, either, the first row that a snapshot saw.
 *
 * <p><b>When.</b> A fact is said when the watermark of both inputs has passed it, and with {@link
 * #waitingFor} a fact before the first version of its row when that has come, or the wait is over.
 * Until then it holds the watermark of what comes after.
 *
 * <p><b>Lateness.</b> A version that comes behind the watermark corrects what was said: each fact
 * whose row or its time differs is taken back and said anew, if the version is no later than {@link
 * #withCorrectionHorizon}. So what is said, less what is taken back, is a function of the set of
 * facts and versions, in whatever order and bundles they come, if they come within the horizon.
 * Facts that come later go to {@link EnrichedFacts#tooLate}; versions that come later are counted
 * as {@code versions_too_late}, hold from then on, and correct the facts that are still there. A
 * snapshot's row is in time for facts of before if it comes before the watermark has passed them by
 * horizon and wait; on bounded input, if its timestamp is no later than theirs.
 *
 * <p><b>Facts without a row</b> are said without one by a {@linkplain #left left} join. An
 * {@linkplain #inner inner} one hands them over as {@link EnrichedFacts#unmatched} when no version
 * within the horizon can bring them a row any more.
 *
 * <p><b>Duplicates.</b> The same version again changes nothing. The same fact again is another
 * fact; see {@link io.millrace.transforms.quality.DropDuplicates}.
 *
 * <p><b>State.</b> A key of the table has its bytes, and for each version its row's and position's
 * bytes and some 12 more (on a heap some 120 more a key). Versions are kept that hold for facts
 * within horizon and wait, and the newest for ever, deletes too; older ones go with the key's next
 * change, or when a bucket has a quarter more versions than after it was last looked through. A
 * fact takes its key's and value's bytes and some 5 more, until it is said, and after that for
 * horizon and wait if the horizon is not 0. On bounded input, where the watermark waits for the
 * end, all facts and versions are kept until then. Both sides cross the shuffle packed by bucket of
 * keys; the number of buckets and the fan-out stay as they are for a job's life.
 *
 * <p><b>Errors.</b> Inputs are in the global window, with the same deterministic coder of keys;
 * versions have a {@link TableVersionCoder}.
 */
@AutoValue
public abstract class JoinAsOf<K, F, D>
    extends PTransform<PCollection<KV<K, F>>, EnrichedFacts<K, F, D>> {
  private static final Duration MOST = Duration.standardDays(36_500);

  abstract PCollection<KV<K, TableVersion<D>>> table();

  abstract boolean isLeft();

  abstract Duration horizon();

  abstract Duration patience();

  abstract int buckets();

  abstract int hotKeyFanout();

  abstract Builder<K, F, D> toBuilder();

  static <K, F, D> JoinAsOf<K, F, D> with(PCollection<KV<K, TableVersion<D>>> table) {
    return new AutoValue_JoinAsOf.Builder<K, F, D>()
        .setTable(table)
        .setIsLeft(false)
        .setHorizon(Duration.ZERO)
        .setPatience(Duration.ZERO)
        .setBuckets(Buckets.DEFAULT)
        .setHotKeyFanout(1)
        .build();
  }

  /** Says only facts that have a row, and hands over the others; so if nothing else is chosen. */
  public JoinAsOf<K, F, D> inner() {
    return toBuilder().setIsLeft(false).build();
  }

  /** Says all facts, also those that have no row. */
  public JoinAsOf<K, F, D> left() {
    return toBuilder().setIsLeft(true).build();
  }

  /**
   * How late facts and versions may be, behind the watermark, and still be joined and correct what
   * was said; 0 if nothing else is chosen. Facts are kept for as long.
   *
   * @throws IllegalArgumentException if it is negative or more than 36,500 days
   */
  public JoinAsOf<K, F, D> withCorrectionHorizon(Duration horizon) {
    return toBuilder().setHorizon(require("The correction horizon", horizon)).build();
  }

  /**
   * How long, by event time, a fact waits that comes before the first version of its row: for one
   * that is late, or that begins no later than this after the fact; 0 if nothing else is chosen.
   * What waits holds the watermark of what comes after.
   *
   * @throws IllegalArgumentException if it is negative or more than 36,500 days
   */
  public JoinAsOf<K, F, D> waitingFor(Duration wait) {
    return toBuilder().setPatience(require("The wait", wait)).build();
  }

  /**
   * Sets the number of buckets of keys, which bounds the parallelism.
   *
   * @throws IllegalArgumentException if it is not from 1 to 32,768
   */
  public JoinAsOf<K, F, D> withBuckets(int buckets) {
    return toBuilder().setBuckets(Buckets.check(buckets)).build();
  }

  /**
   * Spreads the facts of each key over several buckets, so that one that has most of the facts is
   * work for several workers. The table is kept in each of them: as many times the state.
   *
   * @throws IllegalArgumentException when applied, if it is not from 1 to the number of buckets
   */
  public JoinAsOf<K, F, D> withHotKeyFanout(int fanout) {
    return toBuilder().setHotKeyFanout(fanout).build();
  }

  private static Duration require(String name, Duration duration) {
    if (duration.getMillis() < 0 || duration.isLongerThan(MOST)) {
      throw new IllegalArgumentException(name + " must be from 0 to 36500 days, got " + duration);
    }
    return duration;
  }

  @Override
  public Map<TupleTag<?>, PValue> getAdditionalInputs() {
    return Map.of(new TupleTag<KV<K, TableVersion<D>>>("table"), table());
  }

  @Override
  public EnrichedFacts<K, F, D> expand(PCollection<KV<K, F>> facts) {
    GlobalInput.require(facts, "EnrichWith.versionedTable");
    GlobalInput.require(table(), "EnrichWith.versionedTable");
    KvCoder<K, F> coder = (KvCoder<K, F>) facts.getCoder();
    Coder<K> keyCoder = PackByKey.checkKeys(coder.getKeyCoder(), "EnrichWith.versionedTable");
    Coder<D> rowCoder = rowCoder(keyCoder);
    // No subclasses of tags: they would hold this, whose table cannot be serialized.
    TupleTag<KV<K, Enriched<F, D>>> enriched = new TupleTag<>("enriched");
    TupleTag<KV<K, F>> unmatched = new TupleTag<>("unmatched");
    TupleTag<KV<K, F>> tooLate = new TupleTag<>("tooLate");
    AsOfRules rules = new AsOfRules(isLeft(), horizon().getMillis(), patience().getMillis());
    PCollection<KV<Integer, byte[]>> packedFacts =
        facts.apply(
            "PackFacts",
            PackByKey.<K, F>into(buckets()).asSide(JoinAsOfFn.FACTS).spreadOver(hotKeyFanout()));
    PCollection<KV<Integer, byte[]>> packedTable =
        table()
            .apply(
                "PackTable",
                PackByKey.<K, TableVersion<D>>into(buckets())
                    .asSide(JoinAsOfFn.TABLE)
                    .copiedTo(hotKeyFanout()));
    PCollectionTuple joined =
        PCollectionList.of(packedFacts)
            .and(packedTable)
            .apply("Flatten", Flatten.pCollections())
            .apply(
                "Join",
                ParDo.of(
                        new JoinAsOfFn<>(
                            rules,
                            new AnswerOutput.Outputs<>(
                                keyCoder,
                                coder.getValueCoder(),
                                rowCoder,
                                enriched,
                                unmatched,
                                tooLate)))
                    .withOutputTags(enriched, TupleTagList.of(unmatched).and(tooLate)));
    joined
        .get(enriched)
        .setCoder(KvCoder.of(keyCoder, EnrichedCoder.of(coder.getValueCoder(), rowCoder)));
    joined.get(unmatched).setCoder(coder);
    joined.get(tooLate).setCoder(coder);
    return new EnrichedFacts<>(enriched, unmatched, tooLate, joined);
  }

  private Coder<D> rowCoder(Coder<K> keyCoder) {
    KvCoder<K, TableVersion<D>> coder = (KvCoder<K, TableVersion<D>>) table().getCoder();
    if (!coder.getKeyCoder().equals(keyCoder)) {
      throw new IllegalArgumentException(
          "Facts and table need the same coder of keys, got %s and %s; set one of them"
              .formatted(keyCoder, coder.getKeyCoder()));
    }
    if (coder.getValueCoder() instanceof TableVersionCoder<D> versions) {
      return versions.rowCoder();
    }
    throw new IllegalArgumentException(
        "The table's versions need a TableVersionCoder, got %s; set KvCoder.of(%s, TableVersionCoder.of(...))"
            .formatted(coder.getValueCoder(), keyCoder));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("join", isLeft() ? "left" : "inner"))
        .add(DisplayData.item("correctionHorizon", horizon()))
        .add(DisplayData.item("wait", patience()))
        .add(DisplayData.item("buckets", buckets()))
        .add(DisplayData.item("hotKeyFanout", hotKeyFanout()));
  }

  @AutoValue.Builder
  abstract static class Builder<K, F, D> {
    abstract Builder<K, F, D> setTable(PCollection<KV<K, TableVersion<D>>> table);

    abstract Builder<K, F, D> setIsLeft(boolean isLeft);

    abstract Builder<K, F, D> setHorizon(Duration horizon);

    abstract Builder<K, F, D> setPatience(Duration patience);

    abstract Builder<K, F, D> setBuckets(int buckets);

    abstract Builder<K, F, D> setHotKeyFanout(int fanout);

    abstract JoinAsOf<K, F, D> build();
  }
}
