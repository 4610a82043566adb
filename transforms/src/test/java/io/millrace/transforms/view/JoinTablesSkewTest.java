package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.Gathered;
import io.millrace.transforms.warehouse.TestTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 200,000 orders, half of them of one customer, whose segment changes. The Direct runner copies
 * what state keeps for each bundle, so it has fewer of them.
 */
class JoinTablesSkewTest {
  private static final int CUSTOMERS = 1_000;
  private static final int HOT = 7;
  private static final int SLICES = 4;
  private static final Contract TABLES =
      TestTable.contract(
          "orders: key id integer; customer integer; total bigint",
          "customers: key id integer; segment text");
  private static final TableContract WIDE = view("wide: key id integer; segment text");
  private static final TableContract SEGMENTS =
      view("segments: key segment text; orders bigint; total bigint");
  private static final String FROM = " FROM orders o LEFT JOIN customers c ON c.id = o.customer";

  private static TableContract view(String columns) {
    return TestTable.contract(columns).tables().get(0);
  }

  private static int customer(int order) {
    return order % 2 == 0 ? HOT : order % CUSTOMERS;
  }

  private static String segment(int customer) {
    return customer == HOT ? "hot" : "s" + customer % 10;
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECT, 5000, 1",
    "DIRECT, 5000, 4",
    "FLINK_STREAMING, 200000, 1",
    "FLINK_STREAMING, 200000, 4"
  })
  @Timeout(240)
  void halfOfAllOrdersOfOneCustomerStallNothing(TestRunner runner, int orders, int fanout) {
    Gathered.clear();
    Pipeline pipeline = Pipeline.create(runner.options());
    JoinedTables joined =
        pipeline
            .apply(Create.of(IntStream.range(0, SLICES).boxed().toList()))
            .apply(Reshuffle.viaRandomKey())
            .apply("Changes", ParDo.of(new ChangesFn(orders)))
            .setCoder(ChangeEventCoder.of())
            .apply(
                JoinTables.of(TABLES)
                    .withView(WIDE, "SELECT o.id, c.segment" + FROM)
                    .withView(
                        SEGMENTS,
                        "SELECT c.segment, count(*) AS orders, sum(o.total) AS total"
                            + FROM
                            + " GROUP BY c.segment")
                    .withHotKeyFanout(fanout));
    joined.rows("wide").apply("Wide", Gathered.as("wide"));
    joined.rows("segments").apply("Segments", Gathered.as("segments"));
    pipeline.run().waitUntilFinish();

    Map<String, long[]> expected = new TreeMap<>();
    for (int order = 0; order < orders; order++) {
      long[] sums = expected.computeIfAbsent(segment(customer(order)), none -> new long[2]);
      sums[0]++;
      sums[1] += order;
    }
    ViewCase segments = new ViewCase(SEGMENTS, "");
    List<Row> told = Gathered.take("segments");
    assertThat(
        segments.actual(told.stream().filter(row -> row.getValue("segment") != null).toList()),
        is(
            expected.entrySet().stream()
                .map(
                    sums ->
                        "segment=\"%s\" orders=%d total=%d"
                            .formatted(sums.getKey(), sums.getValue()[0], sums.getValue()[1]))
                .toList()));
    assertThat(
        new ViewCase(WIDE, "").actual(Gathered.take("wide")),
        is(
            IntStream.range(0, orders)
                .mapToObj(
                    order -> "id=%d segment=\"%s\"".formatted(order, segment(customer(order))))
                .sorted()
                .collect(Collectors.toList())));
  }

  /** A slice of the orders; and all customers in the first of them, and as they are in the last. */
  private static final class ChangesFn extends DoFn<Integer, ChangeEvent> {
    private static final long serialVersionUID = 1L;

    private final int count;

    ChangesFn(int count) {
      this.count = count;
    }

    @ProcessElement
    public void process(@Element Integer slice, OutputReceiver<ChangeEvent> out) {
      TestTable orders = TestTable.of(TABLES, "orders");
      for (int order = slice; order < count; order += SLICES) {
        out.output(
            orders.upsert(
                order + 1,
                "{\"id\":%d,\"customer\":%d,\"total\":%d}"
                    .formatted(order, customer(order), order)));
      }
      if (slice == 0 || slice == SLICES - 1) {
        TestTable customers = TestTable.of(TABLES, "customers");
        for (int customer = 0; customer < CUSTOMERS; customer++) {
          String segment = slice == 0 && customer == HOT ? "cold" : segment(customer);
          out.output(
              customers.upsert(
                  count + slice, "{\"id\":%d,\"segment\":\"%s\"}".formatted(customer, segment)));
        }
      }
    }
  }
}
