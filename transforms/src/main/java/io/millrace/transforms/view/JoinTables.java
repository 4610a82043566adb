package io.millrace.transforms.view;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.block.PackByKey;
import io.millrace.transforms.quality.ChangeCountsCoder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Keeps a view of several tables that follows every change of them: what a database would answer to
 * the view's query over the tables as they are now.
 *
 * <p>The query is SQL: {@code SELECT} of columns and expressions {@code FROM} tables of a contract,
 * {@code JOIN}, {@code LEFT}, {@code RIGHT} or {@code FULL JOIN} {@code ON} columns that are equal,
 * {@code WHERE}, and {@code GROUP BY} with {@code count}, {@code sum}, {@code avg}, {@code min} and
 * {@code max}. The view's contract has a column for each that is selected, and a key that
 * identifies its rows.
 *
 * <p>Order, duplicates, lateness: any. Of each row of a table the change with the highest position
 * holds; what is joined are Z-sets, whose changes sum up to the same in any order. So the rows at
 * the end depend only on the set of changes; between, a row may be told that is soon corrected.
 * Deletes, changes of keys and truncates of the tables take rows away. Timestamps do not matter;
 * input is in the global window.
 *
 * <p>State: each row of each table once with what the view needs of it, some 50 bytes more; at each
 * join, the rows of both sides, some 20 bytes more; and each row of the view, or its groups, with
 * each value once where {@code min}, {@code max} or {@code count(DISTINCT)} is asked of it. Deleted
 * rows leave some 40 bytes, those of the view some 20, for ever. A change of a row costs as much as
 * there are rows it is joined with.
 *
 * <p>Views of one transform share what is kept of the tables' rows.
 *
 * <pre>{@code
 * JoinedTables joined =
 *     changes.apply(
 *         JoinTables.of(contract)
 *             .withView(
 *                 ordersWithNames,
 *                 "SELECT o.order_id, o.total, c.name"
 *                     + " FROM orders o LEFT JOIN customers c ON c.customer_id = o.customer_id"));
 * PCollection<Row> orders = joined.rows("orders_with_names");
 * }</pre>
 *
 * @see Delta
 */
@AutoValue
public abstract class JoinTables extends PTransform<PCollection<ChangeEvent>, JoinedTables> {

  /** The field of a row that tells which one of its key it is, from 1; the highest holds. */
  public static final String REVISION = "_revision";

  /** The field of a row that tells whether the view has it no more. */
  public static final String DELETED = "_deleted";

  static final KvCoder<byte[], byte[]> DELTAS =
      KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of());

  abstract Contract sources();

  abstract List<View> views();

  abstract int buckets();

  abstract int hotKeyFanout();

  abstract Builder toBuilder();

  /** A view and its query. */
  record View(TableContract table, String query) implements Serializable {}

  /**
   * Joins tables of a contract; {@link #withView} says how.
   *
   * @param sources the tables that queries may name
   */
  public static JoinTables of(Contract sources) {
    return new AutoValue_JoinTables.Builder()
        .setSources(sources)
        .setViews(List.of())
        .setBuckets(Buckets.DEFAULT)
        .setHotKeyFanout(1)
        .build();
  }

  /**
   * Keeps a view, beside others.
   *
   * @param view its columns, by the names that the query selects them as, and its key
   * @param query see {@link JoinTables}
   * @throws ViewException if it is no query that a view can follow
   */
  public JoinTables withView(TableContract view, String query) {
    ViewQuery.plan(query, view, new UsedTables(sources()));
    List<View> views = new ArrayList<>(views());
    views.add(new View(view, query));
    return toBuilder().setViews(List.copyOf(views)).build();
  }

  /**
   * Sets the number of buckets of keys, which bounds the parallelism.
   *
   * @throws IllegalArgumentException if it is not from 1 to 32,768
   */
  public JoinTables withBuckets(int buckets) {
    return toBuilder().setBuckets(Buckets.check(buckets)).build();
  }

  /**
   * Spreads the rows that have the same value in a column that is joined over several buckets, for
   * values that very many rows have. Each row of the tables that are joined to them is kept once in
   * each of these buckets.
   *
   * @throws IllegalArgumentException if {@code fanout} is not from 1 to the number of buckets
   * @throws ViewException if the query has a {@code RIGHT} or {@code FULL JOIN}, which have to know
   *     that no bucket has a match
   */
  public JoinTables withHotKeyFanout(int fanout) {
    PackByKey.into(buckets()).copiedTo(fanout);
    if (fanout > 1 && plans(new UsedTables(sources())).stream().anyMatch(JoinTables::keepsRight)) {
      throw new ViewException(
          "hot keys cannot be spread in a query with RIGHT JOIN or FULL JOIN; leave out the fanout,"
              + " or write LEFT JOIN");
    }
    return toBuilder().setHotKeyFanout(fanout).build();
  }

  private static boolean keepsRight(ViewPlan plan) {
    return plan.joins().stream().anyMatch(join -> join.kind().keepsRight());
  }

  private List<ViewPlan> plans(UsedTables tables) {
    return views().stream()
        .map(view -> ViewQuery.plan(view.query(), view.table(), tables))
        .toList();
  }

  /** The tables of the source that the views are made of. */
  public Contract tables() {
    UsedTables tables = new UsedTables(sources());
    plans(tables);
    return sources().withTables(tables.tables().stream().map(ViewTable::table).toList());
  }

  @Override
  public JoinedTables expand(PCollection<ChangeEvent> input) {
    GlobalInput.require(input, "JoinTables");
    UsedTables used = new UsedTables(sources());
    List<ViewPlan> plans = plans(used);
    List<ViewTable> tables = used.tables();
    List<ViewInput> inputs = new ArrayList<>();
    for (ViewPlan plan : plans) {
      for (int i = 0; i < plan.inputs().size(); i++) {
        inputs.add(new ViewInput(plan, i, new TupleTag<>(plan.view().name() + i) {}));
      }
    }
    PCollectionTuple rows =
        input
            .apply("Pack", ParDo.of(new PackTablesFn(tables, buckets())))
            .setCoder(OpenBlocks.CODER)
            .apply(
                "Rows",
                ParDo.of(new TableRowsFn(tables, inputs, JoinedTables.COUNTS))
                    .withOutputTags(
                        inputs.get(0).tag(),
                        TupleTagList.of(
                                inputs.stream()
                                    .skip(1)
                                    .<TupleTag<?>>map(ViewInput::tag)
                                    .collect(Collectors.toList()))
                            .and(JoinedTables.COUNTS)));
    Map<String, PCollection<Row>> views = new LinkedHashMap<>();
    for (ViewPlan plan : plans) {
      List<PCollection<KV<byte[], byte[]>>> joined =
          inputs.stream()
              .filter(each -> each.plan().equals(plan))
              .map(each -> rows.get(each.tag()).setCoder(DELTAS))
              .toList();
      views.put(
          plan.view().name(), new ViewSteps(plan, tables, buckets(), hotKeyFanout()).of(joined));
    }
    return new JoinedTables(
        views,
        rows.get(JoinedTables.COUNTS)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    views().forEach(view -> builder.add(DisplayData.item(view.table().name(), view.query())));
    builder
        .add(DisplayData.item("buckets", buckets()))
        .addIfNotDefault(DisplayData.item("hotKeyFanout", hotKeyFanout()), 1);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setSources(Contract sources);

    abstract Builder setViews(List<View> views);

    abstract Builder setBuckets(int buckets);

    abstract Builder setHotKeyFanout(int fanout);

    abstract JoinTables build();
  }
}
