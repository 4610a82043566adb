package io.millrace.transforms.lookup;

import io.millrace.transforms.block.GlobalInput;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/** Versions of a table that is read whole. */
final class LoadedVersions<K, R> implements TableVersions<K, R> {
  private static final KvCoder<Integer, Long> DUE = KvCoder.of(VarIntCoder.of(), VarLongCoder.of());

  private final TableSource<K, R> table;
  private final Coder<R> rowCoder;
  private final @Nullable Duration interval;
  private final @Nullable PCollection<?> signals;

  private LoadedVersions(
      TableSource<K, R> table,
      Coder<R> rowCoder,
      @Nullable Duration interval,
      @Nullable PCollection<?> signals) {
    this.table = table;
    this.rowCoder = rowCoder;
    this.interval = interval;
    this.signals = signals;
  }

  static <K, R> LoadedVersions<K, R> once(TableSource<K, R> table, Coder<R> rowCoder) {
    return new LoadedVersions<>(table, rowCoder, null, null);
  }

  @Override
  public TableVersions<K, R> every(Duration time) {
    return new LoadedVersions<>(table, rowCoder, time, signals);
  }

  @Override
  public TableVersions<K, R> by(PCollection<?> elements) {
    GlobalInput.require(elements, "LookUp.refreshedBy");
    return new LoadedVersions<>(table, rowCoder, interval, elements);
  }

  @Override
  public Coder<R> rowCoder() {
    return rowCoder;
  }

  @Override
  public PCollection<byte[]> of(PCollection<?> input, Coder<K> keyCoder, SizeLimit limit) {
    PCollection<KV<Integer, Long>> due = clock(input);
    if (signals != null) {
      due =
          PCollectionList.of(due)
              .and(signals.apply("Signal", ParDo.of(new SignalFn<>())).setCoder(DUE))
              .apply("Due", Flatten.pCollections());
    }
    return due.apply("Load", ParDo.of(new LoadTableFn<>(table, keyCoder, rowCoder, limit)));
  }

  private PCollection<KV<Integer, Long>> clock(PCollection<?> input) {
    Duration time = interval;
    if (time == null || input.isBounded() == IsBounded.BOUNDED) {
      return input.getPipeline().apply("Once", Create.of(KV.of(0, 0L)).withCoder(DUE));
    }
    return input
        .getPipeline()
        .apply("Clock", Read.from(new ClockSource(time.getMillis())))
        .apply("Strike", ParDo.of(new StrikeFn()))
        .setCoder(DUE);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("table", table.toString()))
        .addIfNotNull(DisplayData.item("refreshedEvery", interval))
        .add(DisplayData.item("refreshedBySignals", signals != null));
  }

  static final class StrikeFn extends DoFn<Long, KV<Integer, Long>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Long due, OutputReceiver<KV<Integer, Long>> out) {
      out.output(KV.of(0, due));
    }
  }

  static final class SignalFn<T> extends DoFn<T, KV<Integer, Long>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(OutputReceiver<KV<Integer, Long>> out) {
      out.output(KV.of(0, System.currentTimeMillis()));
    }
  }
}
