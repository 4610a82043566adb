package io.millrace.transforms.view;

import io.millrace.transforms.block.PacketReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Keeps the groups of a view, and hands over a group's row when it is another than before. */
final class GroupFn extends DoFn<KV<Integer, byte[]>, Row> {
  private static final long serialVersionUID = 1L;

  /** {@link GroupState}s by the row of the group's columns. */
  @StateId("groups")
  private final StateSpec<MapState<String, byte[]>> groupsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** {@link StoredZSet}s of values by the aggregate's place and the group. */
  @StateId("values")
  private final StateSpec<MapState<String, byte[]>> valuesSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  private final ViewPlan plan;
  private final ViewRows groupRows;
  private final ViewRows viewRows;
  private final ArrayList<ViewAggregate> aggregates;
  private final ComputedValues computed = new ComputedValues();

  GroupFn(ViewPlan plan, ViewRows groupRows, ViewRows viewRows, List<ViewAggregate> aggregates) {
    this.plan = plan;
    this.groupRows = groupRows;
    this.viewRows = viewRows;
    this.aggregates = new ArrayList<>(aggregates);
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("groups") MapState<String, byte[]> groups,
      @StateId("values") MapState<String, byte[]> values,
      OutputReceiver<Row> out) {
    Map<String, GroupDelta> deltas = new LinkedHashMap<>();
    PacketReader reader = new PacketReader(packet.getValue());
    while (reader.next()) {
      deltas.merge(
          Delta.key(reader), GroupDelta.decode(aggregates, Delta.value(reader)), GroupFn::sum);
    }
    deltas.forEach(
        (name, delta) -> {
          GroupState group = new GroupState(aggregates, groups.get(name).read());
          byte @Nullable [] before = row(delta.group(), group);
          group.add(delta, name, values);
          byte @Nullable [] after = row(delta.group(), group);
          if (!Arrays.equals(before, after)) {
            byte[] row = after == null ? before : after;
            out.output(viewRows.output(row, group.nextRevision(), after == null));
          }
          groups.put(name, group.encode());
        });
  }

  private static GroupDelta sum(GroupDelta one, GroupDelta other) {
    one.add(other);
    return one;
  }

  private byte @Nullable [] row(byte[] groupRow, GroupState group) {
    if (!group.isThere()) {
      return null;
    }
    Row columns = groupRows.decode(groupRow);
    @Nullable Object[] values = new Object[plan.outputs().size()];
    int column = 0;
    int aggregate = 0;
    for (int i = 0; i < values.length; i++) {
      ViewPlan.Output output = plan.outputs().get(i);
      values[i] =
          output.aggregate() == null
              ? columns.getValue(column++)
              : computed.of(output.column().type(), group.value(aggregate++));
    }
    return viewRows.encode(values);
  }
}
