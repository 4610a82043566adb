package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.transforms.quality.RunCounter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Makes changes of groups of changes of joined rows, and sums up those of a bundle. */
final class ProjectGroupsFn extends DoFn<KV<byte[], byte[]>, KV<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;
  private static final int MOST_GROUPS = 10_000;

  private final ViewPlan plan;
  private final ArrayList<ViewTable> tables;
  private final ViewRows groupRows;
  private final ArrayList<ViewAggregate> aggregates;
  private final ComputedValues computed = new ComputedValues();
  private final RunCounter withoutKey = RunCounter.named("view_rows_without_key");
  private transient Map<String, GroupDelta> groups;
  private transient long earliest;

  ProjectGroupsFn(
      ViewPlan plan, List<ViewTable> tables, ViewRows groupRows, List<ViewAggregate> aggregates) {
    this.plan = plan;
    this.tables = new ArrayList<>(tables);
    this.groupRows = groupRows;
    this.aggregates = new ArrayList<>(aggregates);
  }

  @StartBundle
  public void startBundle() {
    groups = new HashMap<>();
    earliest = Long.MAX_VALUE;
  }

  @ProcessElement
  public void process(
      @Element KV<byte[], byte[]> delta,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<byte[], byte[]>> out) {
    ByteReader in = new ByteReader(delta.getValue());
    long weight = in.readZigzag();
    byte[] row = Arrays.copyOfRange(delta.getValue(), in.position(), delta.getValue().length);
    JoinedValues joined = new JoinedValues(tables, row);
    if (plan.where() != null && !Boolean.TRUE.equals(computed.of(plan.where(), joined))) {
      return;
    }
    List<@Nullable Object> group = new ArrayList<>();
    @Nullable Object[] arguments = new Object[aggregates.size()];
    int argument = 0;
    for (ViewPlan.Output output : plan.outputs()) {
      Object value = output.value() == null ? null : computed.of(output.value(), joined);
      if (output.aggregate() == null) {
        group.add(computed.of(output.column().type(), value));
      } else {
        arguments[argument++] = computed.of(output.aggregate(), value);
      }
    }
    if (group.contains(null)) {
      withoutKey.add(1);
      return;
    }
    byte[] key = groupRows.encode(group.toArray());
    groups
        .computeIfAbsent(Delta.text(key, 0, key.length), name -> new GroupDelta(aggregates, key))
        .add(arguments, weight);
    earliest = Math.min(earliest, timestamp.getMillis());
    if (groups.size() >= MOST_GROUPS) {
      Instant least = Instant.ofEpochMilli(earliest);
      groups.values().forEach(each -> out.outputWithTimestamp(output(each), least));
      startBundle();
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    Instant least = Instant.ofEpochMilli(earliest);
    groups.values().forEach(group -> context.output(output(group), least, GlobalWindow.INSTANCE));
    groups.clear();
  }

  private static KV<byte[], byte[]> output(GroupDelta group) {
    return KV.of(group.group(), group.encode());
  }

  @SuppressWarnings("deprecation") // as io.millrace.transforms.block.OpenBlocks
  @Override
  public Duration getAllowedTimestampSkew() {
    return io.millrace.transforms.block.OpenBlocks.SKEW;
  }
}
