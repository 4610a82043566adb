package io.millrace.transforms.lookup;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.PackByKey;
import java.util.UUID;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;

/**
 * Looks up the row of each element's key in a table that every worker holds whole: of files, of a
 * query, or of a stream of changes. For tables that are small and change slowly, where it does not
 * matter which of two versions an element meets.
 *
 * <p><b>It races.</b> An element meets the version of the table that is there when the element
 * comes: the answer depends on the clock, and another run may give another. It is the one transform
 * (beside {@link io.millrace.transforms.service.CallService}) to which the laws of convergence, of
 * batch as a bounded stream and of runner independence do not apply. {@code
 * EnrichWith.versionedTable} answers by event time instead.
 *
 * <p><b>Versions.</b> An element meets one version, whole, never half of two; which, and how old it
 * was, {@link LookedUp} tells. Elements wait for the first version and miss none of its rows. The
 * versions that one thread meets only grow.
 *
 * <p><b>Refreshing.</b> A {@link TableSource} is read once, unless {@link #refreshedEvery} or
 * {@link #refreshedBy} says when to read it again; on bounded input, by the clock, once. If that
 * fails, the version before stays in use and grows older: a warning says why, and {@code
 * lookup_refreshes_failed} counts it. If the first fails, the run does, with a {@link
 * LookupException}.
 *
 * <p><b>Size.</b> A version travels to each worker as one element, and lies there decoded once a
 * JVM (not once a thread, a bundle or an element; {@code lookup_tables_decoded} counts). A table
 * beyond {@link #atMost} fails the run with a {@link TableTooLargeException}, whenever it comes to
 * be so large.
 *
 * <p>Order, duplicates, timestamps: passed through as they come. State: the version in use, as
 * encoded, once a worker; with changes also each key's newest change. Input is in the global
 * window.
 *
 * <pre>{@code
 * orders.apply(
 *     LookUp.<Long, Order, Customer>in(
 *             TableFiles.csv("customers.csv", Customer::byId), CustomerCoder.of())
 *         .refreshedEvery(Duration.standardMinutes(5)));   // KV<Long, LookedUp<Order, Customer>>
 * }</pre>
 */
@AutoValue
public abstract class LookUp<K, V, R>
    extends PTransform<PCollection<KV<K, V>>, PCollection<KV<K, LookedUp<V, R>>>> {
  abstract TableVersions<K, R> versions();

  abstract SizeLimit limit();

  /**
   * Looks up in a table that is read whole.
   *
   * @param rowCoder of its rows
   */
  public static <K, V, R> LookUp<K, V, R> in(TableSource<K, R> table, Coder<R> rowCoder) {
    return new AutoValue_LookUp<>(LoadedVersions.once(table, rowCoder), SizeLimit.DEFAULT);
  }

  /**
   * Looks up in a table that is kept by its changes: each is a key's new row, or null if it is gone
   * (then its coder is a {@link org.apache.beam.sdk.coders.NullableCoder}). Of two changes of a key
   * that with the later timestamp counts, and at the same time the one that came later. A version
   * is made a second after a change came ({@link #refreshedEvery} says otherwise), and at the end
   * of bounded changes. All is kept by one thread.
   */
  public static <K, V, R> LookUp<K, V, R> in(PCollection<KV<K, R>> changes) {
    return new AutoValue_LookUp<>(KeptVersions.of(changes), SizeLimit.DEFAULT);
  }

  /**
   * Reads the table again so often, by the clock; or makes a version of changes so often at most.
   * If one takes longer, the next begins when it is done. The clock strikes until the job is
   * stopped, so that one whose unbounded input ends does not end by itself.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public LookUp<K, V, R> refreshedEvery(Duration interval) {
    if (interval.getMillis() < 1) {
      throw new IllegalArgumentException(
          "a table is refreshed every millisecond or less often, got " + interval);
    }
    return new AutoValue_LookUp<>(versions().every(interval), limit());
  }

  /**
   * Reads the table again for each of these elements, whatever they are: such as messages that it
   * was exported anew. Once is enough for those that come while it waits to be read. The first time
   * it is read when the pipeline starts.
   *
   * @throws IllegalStateException if the table is kept from changes
   */
  public LookUp<K, V, R> refreshedBy(PCollection<?> signals) {
    return new AutoValue_LookUp<>(versions().by(signals), limit());
  }

  /**
   * How large the table may be; 1,000,000 rows and 64 MB if not said.
   *
   * @param bytes of keys and rows as encoded; decoded on the heap they take some times as much
   * @throws IllegalArgumentException if one is less than 1, or the bytes are more than 1 GB
   */
  public LookUp<K, V, R> atMost(long rows, long bytes) {
    return new AutoValue_LookUp<>(versions(), new SizeLimit(rows, bytes));
  }

  @Override
  public PCollection<KV<K, LookedUp<V, R>>> expand(PCollection<KV<K, V>> input) {
    GlobalInput.require(input, "LookUp");
    KvCoder<K, V> coder = (KvCoder<K, V>) input.getCoder();
    Coder<K> keyCoder = PackByKey.checkKeys(coder.getKeyCoder(), "LookUp");
    Coder<R> rowCoder = versions().rowCoder();
    PCollectionView<Iterable<byte[]>> view =
        versions()
            .of(input, keyCoder, limit())
            .setCoder(ByteArrayCoder.of())
            // A pane takes the place of the one before it: no pane but one with a version.
            .apply(
                "Each",
                Window.<byte[]>configure()
                    .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                    .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
                    .withAllowedLateness(Duration.ZERO, Window.ClosingBehavior.FIRE_IF_NON_EMPTY)
                    .discardingFiredPanes())
            .apply("Hold", View.asIterable());
    return input
        .apply(
            "Find",
            ParDo.of(new LookUpFn<K, V, R>(UUID.randomUUID().toString(), view, keyCoder, rowCoder))
                .withSideInputs(view))
        .setCoder(KvCoder.of(keyCoder, LookedUpCoder.of(coder.getValueCoder(), rowCoder)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .include("versions", versions())
        .add(DisplayData.item("mostRows", limit().rows()))
        .add(DisplayData.item("mostBytes", limit().bytes()));
  }
}
