package io.millrace.transforms.sketch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.millrace.transforms.DocsPage;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.warehouse.TestWarehouse;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.io.jdbc.JdbcIO.DataSourceConfiguration;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.CombineFns;
import org.apache.beam.sdk.transforms.CombineFns.CoCombineResult;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/sketches.md} shows, with a real PostgreSQL. */
class SketchesPageTest {
  private static final DocsPage PAGE = DocsPage.named("sketches.md");

  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");
  private static final int SALES_AN_HOUR = 6000;

  private static final TupleTag<byte[]> BUYERS = new TupleTag<>("buyers") {};
  private static final TupleTag<byte[]> AMOUNTS = new TupleTag<>("amounts") {};
  private static final TupleTag<byte[]> PRODUCTS = new TupleTag<>("products") {};

  private final TestWarehouse warehouse = TestWarehouse.create();

  record Sale(String customer, String product, double amount) implements Serializable {}

  static final class Customer extends SimpleFunction<Sale, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String apply(Sale sale) {
      return sale.customer();
    }
  }

  static final class Amount extends SimpleFunction<Sale, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Double apply(Sale sale) {
      return sale.amount();
    }
  }

  static final class Product extends SimpleFunction<Sale, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String apply(Sale sale) {
      return sale.product();
    }
  }

  @AfterEach
  void close() {
    warehouse.close();
  }

  @Test
  void sketchesOfHoursAreStoredAndMergedLater() throws SQLException {
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(PAGE.blocks("sql").get(0));
    }
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    write(pipeline.apply(Create.timestamped(sales()).withCoder(SerializableCoder.of(Sale.class))));
    pipeline.run();

    List<byte[]> buyers = first3Hours("buyers");
    long distinct = DistinctSketch.estimate(DistinctSketch.merge(buyers));

    List<byte[]> amounts = first3Hours("amounts");
    double p95 = QuantilesSketch.quantile(QuantilesSketch.merge(amounts), 0.95);

    List<byte[]> products = first3Hours("products");
    List<Frequency<String>> best =
        FrequentItemsSketch.topTexts(FrequentItemsSketch.mergeTexts(products), 3);

    assertThat(buyers.size(), is(3));
    // 3,000 customers an hour, half of whom come again in the next.
    assertThat((double) distinct, closeTo(6000, 6000 * 3 * 1.04 / 64));
    assertThat(p95 / (3 * SALES_AN_HOUR), closeTo(0.95, 2 * 0.0133));
    assertThat(best.stream().map(Frequency::item).toList(), is(List.of("lamp", "chair", "desk")));
    assertThat(
        3L * SALES_AN_HOUR / 2,
        both(greaterThanOrEqualTo(best.get(0).lowerBound()))
            .and(lessThanOrEqualTo(best.get(0).upperBound())));
  }

  @Test
  void thePageShowsWhatThisTestRuns() {
    assertThat(PAGE.blocks("java").size(), is(2));
    assertThat(PAGE.javaThatIsNotIn(getClass()), is(empty()));
  }

  private void write(PCollection<Sale> sales) {
    PCollection<CoCombineResult> hours =
        sales
            .apply(Window.into(FixedWindows.of(Duration.standardHours(1))))
            .apply(
                Combine.globally(
                        CombineFns.compose()
                            .with(new Customer(), DistinctSketch.ofTexts().toSketch(), BUYERS)
                            .with(
                                new Amount(),
                                QuantilesSketch.<Double>ofNumbers().toSketch(),
                                AMOUNTS)
                            .with(
                                new Product(), FrequentItemsSketch.ofTexts().toSketch(), PRODUCTS))
                    .withoutDefaults());
    hours
        .apply(Reify.timestamps())
        .apply(
            JdbcIO.<TimestampedValue<CoCombineResult>>write()
                .withDataSourceConfiguration(warehouse())
                .withStatement(
                    """
                    INSERT INTO sales_by_hour VALUES (date_trunc('hour', ?::timestamptz), ?, ?, ?)
                    ON CONFLICT (hour) DO UPDATE
                    SET (buyers, amounts, products)
                      = (excluded.buyers, excluded.amounts, excluded.products)
                    """)
                .withPreparedStatementSetter(
                    (hour, row) -> {
                      row.setTimestamp(1, new Timestamp(hour.getTimestamp().getMillis()));
                      row.setBytes(2, hour.getValue().get(BUYERS));
                      row.setBytes(3, hour.getValue().get(AMOUNTS));
                      row.setBytes(4, hour.getValue().get(PRODUCTS));
                    }));
  }

  /**
   * Every second sale is of a lamp, every third of the others of a chair; amounts are spread
   * evenly.
   */
  private static List<TimestampedValue<Sale>> sales() {
    List<TimestampedValue<Sale>> sales = new ArrayList<>();
    for (int hour = 0; hour < 4; hour++) {
      Instant start = START.plus(Duration.standardHours(hour));
      for (int i = 0; i < SALES_AN_HOUR; i++) {
        String product = i % 2 == 0 ? "lamp" : i % 3 == 0 ? "chair" : i % 5 == 0 ? "desk" : "n" + i;
        Sale sale =
            new Sale("customer " + (hour * 1500 + i % 3000), product, hour * SALES_AN_HOUR + i);
        sales.add(TimestampedValue.of(sale, start.plus(Duration.millis(i * 500L))));
      }
    }
    return sales;
  }

  private DataSourceConfiguration warehouse() {
    return DataSourceConfiguration.create("org.postgresql.Driver", warehouse.database().jdbcUrl())
        .withUsername(warehouse.database().user())
        .withPassword(warehouse.database().password());
  }

  private List<byte[]> first3Hours(String column) throws SQLException {
    String query =
        "SELECT " + column + " FROM sales_by_hour WHERE hour < '2026-05-01 03:00Z' ORDER BY hour";
    List<byte[]> sketches = new ArrayList<>();
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        sketches.add(rows.getBytes(1));
      }
    }
    return sketches;
  }
}
