package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.transforms.block.PackByKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;

/** The steps of one view, from changes of its tables' rows to its own rows. */
final class ViewSteps {
  private final ViewPlan plan;
  private final List<ViewTable> tables;
  private final PackByKey<byte[], byte[]> packing;
  private final int hotKeyFanout;

  /**
   * The steps of a plan.
   *
   * @param tables all that are used
   */
  ViewSteps(ViewPlan plan, List<ViewTable> tables, int buckets, int hotKeyFanout) {
    this.plan = plan;
    this.tables = plan.inputs().stream().map(tables::get).toList();
    this.packing = PackByKey.into(buckets);
    this.hotKeyFanout = hotKeyFanout;
  }

  /** The view's rows, of the changes of each of its inputs. */
  PCollection<Row> of(List<PCollection<KV<byte[], byte[]>>> inputs) {
    PCollection<KV<byte[], byte[]>> joined = inputs.get(0);
    for (int join = 0; join < plan.joins().size(); join++) {
      joined = join(joined, inputs.get(join + 1), join);
    }
    ViewRows rows = new ViewRows(plan.view().columns());
    return (plan.isAggregated() ? group(joined, rows) : settle(joined, rows))
        .setRowSchema(rows.outputSchema());
  }

  private PCollection<KV<byte[], byte[]>> join(
      PCollection<KV<byte[], byte[]>> left, PCollection<KV<byte[], byte[]>> right, int join) {
    String name = name("Join" + (join + 1));
    return PCollectionList.of(
            left.apply(
                name + "Left", packing.asSide(JoinFn.LEFT).spreadOver(hotKeyFanout, Delta::hash)))
        .and(right.apply(name + "Right", packing.asSide(JoinFn.RIGHT).copiedTo(hotKeyFanout)))
        .apply(name + "Both", Flatten.pCollections())
        .apply(name, ParDo.of(new JoinFn(plan, join)))
        .setCoder(JoinTables.DELTAS);
  }

  private PCollection<Row> settle(PCollection<KV<byte[], byte[]>> joined, ViewRows rows) {
    return joined
        .apply(name("Select"), ParDo.of(new ProjectFn(plan, tables, rows)))
        .setCoder(JoinTables.DELTAS)
        .apply(name("Pack"), packing)
        .apply(name("Settle"), ParDo.of(new SettleFn(rows)));
  }

  private PCollection<Row> group(PCollection<KV<byte[], byte[]>> joined, ViewRows rows) {
    List<ColumnContract> groupColumns = new ArrayList<>();
    List<ViewAggregate> aggregates = new ArrayList<>();
    for (ViewPlan.Output output : plan.outputs()) {
      if (output.aggregate() == null) {
        groupColumns.add(output.column());
      } else {
        aggregates.add(output.aggregate());
      }
    }
    ViewRows groupRows = new ViewRows(groupColumns);
    return joined
        .apply(name("Select"), ParDo.of(new ProjectGroupsFn(plan, tables, groupRows, aggregates)))
        .setCoder(JoinTables.DELTAS)
        .apply(name("Pack"), packing)
        .apply(name("Group"), ParDo.of(new GroupFn(plan, groupRows, rows, aggregates)));
  }

  private String name(String step) {
    return plan.view().name() + step;
  }
}
