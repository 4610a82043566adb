package io.millrace.transforms.view;

import io.millrace.schemas.image.ValueKey;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.transforms.quality.RunCounter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes changes of a view's rows, by their keys, of changes of joined rows. */
final class ProjectFn extends DoFn<KV<byte[], byte[]>, KV<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  private final ViewPlan plan;
  private final ArrayList<ViewTable> tables;
  private final ViewRows rows;
  private final ComputedValues computed = new ComputedValues();
  private final RunCounter withoutKey = RunCounter.named("view_rows_without_key");

  ProjectFn(ViewPlan plan, List<ViewTable> tables, ViewRows rows) {
    this.plan = plan;
    this.tables = new ArrayList<>(tables);
    this.rows = rows;
  }

  @ProcessElement
  public void process(@Element KV<byte[], byte[]> delta, OutputReceiver<KV<byte[], byte[]>> out) {
    ByteReader in = new ByteReader(delta.getValue());
    long weight = in.readZigzag();
    JoinedValues joined =
        new JoinedValues(
            tables, Arrays.copyOfRange(delta.getValue(), in.position(), delta.getValue().length));
    if (plan.where() != null && !Boolean.TRUE.equals(computed.of(plan.where(), joined))) {
      return;
    }
    List<ViewPlan.Output> outputs = plan.outputs();
    @Nullable Object[] values = new Object[outputs.size()];
    for (int i = 0; i < values.length; i++) {
      ViewPlan.Output output = outputs.get(i);
      values[i] = computed.of(output.column().type(), computed.of(output.value(), joined));
    }
    List<Integer> keyColumns = plan.view().keyColumns();
    @Nullable Object[] key = new Object[keyColumns.size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = values[keyColumns.get(i)];
    }
    byte @Nullable [] encodedKey = ValueKey.of(key);
    if (encodedKey == null) {
      withoutKey.add(1);
      return;
    }
    out.output(KV.of(encodedKey, Delta.of(weight, rows.encode(values))));
  }
}
