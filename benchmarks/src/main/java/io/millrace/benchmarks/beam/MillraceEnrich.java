package io.millrace.benchmarks.beam;

import io.millrace.benchmarks.flink.LocalFlink;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.sales.Sales;
import io.millrace.benchmarks.sales.SalesBook;
import io.millrace.schemas.Position;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlock.Cursor;
import io.millrace.transforms.enrich.EnrichWith;
import io.millrace.transforms.enrich.Enriched;
import io.millrace.transforms.enrich.TableVersion;
import io.millrace.transforms.enrich.TableVersionCoder;
import io.millrace.transforms.read.EventTimes;
import io.millrace.transforms.read.ReadTopics;
import io.millrace.transforms.read.WatermarkPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Millrace's own transforms: read both topics in blocks, unpack, join as of time, count. Topics
 * have no end, so the run is stopped when every sale has come out.
 */
public final class MillraceEnrich implements Contestant {
  private final Settings settings;
  private final Duration horizon;

  /** With corrections by what is late by no more than {@code horizonMillis}. */
  public MillraceEnrich(Settings settings, long horizonMillis) {
    this.settings = settings;
    this.horizon = Duration.millis(horizonMillis);
  }

  @Override
  public void reset() {
    SalesBook.renew();
  }

  @Override
  public void run() throws Exception {
    FlinkPipelineOptions options = BeamOnFlink.streaming();
    options.setAutoWatermarkInterval(LocalFlink.WATERMARK_INTERVAL);
    options.setShutdownSourcesAfterIdleMs(-1L);
    options.setAttachedMode(false);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<KV<Long, TableVersion<Price>>> prices =
        read(pipeline, "prices")
            .apply("UnpackPrices", ParDo.of(new UnpackPricesFn()))
            .setCoder(
                KvCoder.of(BigEndianLongCoder.of(), TableVersionCoder.of(Price.Coder.INSTANCE)));
    read(pipeline, "sales")
        .apply("UnpackSales", ParDo.of(new UnpackSalesFn()))
        .setCoder(KvCoder.of(BigEndianLongCoder.of(), Sale.Coder.INSTANCE))
        .apply(
            "Enrich",
            EnrichWith.<Long, Sale, Price>versionedTable(prices)
                .left()
                .withCorrectionHorizon(horizon)
                .waitingFor(Duration.ZERO))
        .enriched()
        .apply("Book", ParDo.of(new BookSalesFn()));
    PipelineResult result = pipeline.run();
    while (SalesBook.shared().sales() < settings.number("events")) {
      if (result.getState().isTerminal()) {
        throw new IOException("the pipeline ended as " + result.getState() + " in mid-run");
      }
      Thread.sleep(20);
    }
    result.cancel();
  }

  private PCollection<RecordBlock> read(Pipeline pipeline, String topic) {
    return pipeline.apply(
        "Read " + topic,
        ReadTopics.from(settings.text("bootstrapServers"))
            .topics(List.of(settings.text(topic)))
            .withEventTimes(
                EventTimes.ofRecords(),
                WatermarkPolicy.withDisorder(Duration.millis(Sales.DISORDER))));
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(SalesBook.shared().answer(), Sales.products(settings.number("events")));
  }

  /** Hands on each sale of a block at its own time. */
  static final class UnpackSalesFn extends DoFn<RecordBlock, KV<Long, Sale>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element RecordBlock block, OutputReceiver<KV<Long, Sale>> out) {
      ByteBuffer bytes = ByteBuffer.wrap(block.bytes());
      Cursor record = block.records();
      while (record.next()) {
        out.outputWithTimestamp(
            KV.of(bytes.getLong(record.keyStart()), Sale.read(block.bytes(), record.valueStart())),
            Instant.ofEpochMilli(record.timestampMillis()));
      }
    }
  }

  /** Hands on each price of a block at its own time. */
  static final class UnpackPricesFn extends DoFn<RecordBlock, KV<Long, TableVersion<Price>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element RecordBlock block, OutputReceiver<KV<Long, TableVersion<Price>>> out) {
      ByteBuffer bytes = ByteBuffer.wrap(block.bytes());
      Cursor record = block.records();
      while (record.next()) {
        Instant since = Instant.ofEpochMilli(record.timestampMillis());
        int value = record.valueStart();
        Position position = Position.of(Arrays.copyOfRange(block.bytes(), value, value + 8));
        out.outputWithTimestamp(
            KV.of(
                bytes.getLong(record.keyStart()),
                TableVersion.row(since, position, Price.read(block.bytes(), value))),
            since);
      }
    }
  }

  /** Counts sales in this JVM's {@link SalesBook}. */
  static final class BookSalesFn extends DoFn<KV<Long, Enriched<Sale, Price>>, Void> {
    private static final long serialVersionUID = 1L;

    private transient SalesBook.Page page;

    @Setup
    public void setup() {
      page = SalesBook.shared().page();
    }

    @ProcessElement
    public void process(@Element KV<Long, Enriched<Sale, Price>> element) {
      Enriched<Sale, Price> enriched = element.getValue();
      Sale sale = enriched.fact();
      Price price = enriched.row();
      page.add(
          sale.id(),
          sale.customer(),
          sale.quantity(),
          price == null ? 0 : price.number(),
          price == null ? 0 : price.cents());
    }
  }
}
