package io.millrace.transforms.view;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.contract.TableContract;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;

/**
 * Says once that a table that is computed anew has all its rows: the end of a snapshot, in the
 * neutral format, at position 0. A row that an earlier build computed, and that this one never
 * said, is gone then; rows of this build stay, in whatever order both are written.
 *
 * <p>It comes when the watermark of the rows passes a time, or their end: with the time at which
 * the job is launched, when what happened before it is read. A job that goes on from a savepoint
 * does not say it again. State: a timer.
 *
 * <pre>{@code
 * PCollection<RecordBlock> complete =
 *     rows.apply(CompleteBuild.of(ordersWithNames, Instant.now()));
 * }</pre>
 */
public final class CompleteBuild extends PTransform<PCollection<Row>, PCollection<RecordBlock>> {
  private static final long serialVersionUID = 1L;
  private static final KvCoder<String, String> ONCE =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());

  private final String table;
  private final long at;
  private final int epoch;
  private final boolean recordKey;

  private CompleteBuild(String table, long at, int epoch, boolean recordKey) {
    this.table = table;
    this.at = at;
    this.epoch = epoch;
    this.recordKey = recordKey;
  }

  /** Says it of a table when the watermark passes a time. */
  public static CompleteBuild of(TableContract table, Instant at) {
    Instant end = GlobalWindow.INSTANCE.maxTimestamp();
    return new CompleteBuild(
        table.physicalName(), (at.isAfter(end) ? end : at).getMillis(), 0, false);
  }

  /**
   * Writes the position in an epoch, 0 by default, as {@link
   * io.millrace.transforms.cdc.EncodeChanges#withEpoch} writes those of rows.
   *
   * @throws IllegalArgumentException if {@code epoch} is negative
   */
  public CompleteBuild withEpoch(int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch must be 0 or more, got " + epoch);
    }
    return new CompleteBuild(table, at, epoch, recordKey);
  }

  /**
   * Gives the record a key, for a topic; by default it has none. The key is the record without its
   * position, the same for all builds of a table.
   */
  public CompleteBuild withRecordKey() {
    return new CompleteBuild(table, at, epoch, true);
  }

  @Override
  public PCollection<RecordBlock> expand(PCollection<Row> rows) {
    PCollection<KV<String, String>> once =
        rows.getPipeline().apply(table + "Once", Create.of(KV.of(table, "")).withCoder(ONCE));
    PCollection<KV<String, String>> watermark =
        rows.apply("Watermark", ParDo.of(new WatermarkFn())).setCoder(ONCE);
    return PCollectionList.of(once)
        .and(watermark)
        .apply("Both", Flatten.pCollections())
        .apply("Say", ParDo.of(new SayFn(this)))
        .setCoder(RecordBlockCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("table", table))
        .add(DisplayData.item("at", Instant.ofEpochMilli(at)))
        .add(DisplayData.item("epoch", epoch))
        .add(DisplayData.item("recordKey", recordKey));
  }

  /** Lets nothing through but the watermark. */
  static final class WatermarkFn extends DoFn<Row, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process() {}
  }

  static final class SayFn extends DoFn<KV<String, String>, RecordBlock> {
    private static final long serialVersionUID = 1L;
    private static final int NO_PARTITION = 0;

    @TimerId("complete")
    private final TimerSpec completeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final long at;
    private final boolean recordKey;
    private final BigInteger position;

    SayFn(CompleteBuild build) {
      this.at = build.at;
      this.recordKey = build.recordKey;
      this.position = BigInteger.valueOf(build.epoch).shiftLeft(Long.SIZE);
    }

    @ProcessElement
    public void process(@TimerId("complete") Timer complete) {
      complete.set(Instant.ofEpochMilli(at));
    }

    @OnTimer("complete")
    public void onComplete(@Key String table, OutputReceiver<RecordBlock> out) {
      String end = "{\"table\":\"%s\",\"op\":\"snapshot\"".formatted(table);
      RecordBlock.Writer record = new RecordBlock.Writer(256);
      record.add(
          0,
          System.currentTimeMillis(),
          recordKey ? utf8(end + "}") : null,
          utf8(end + ",\"position\":" + position + "}"));
      out.output(RecordBlock.of(table, NO_PARTITION, record.take()));
    }

    private static ByteBuffer utf8(String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
