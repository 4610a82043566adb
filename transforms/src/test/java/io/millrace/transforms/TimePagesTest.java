package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.pattern.Detect;
import io.millrace.transforms.pattern.DetectPattern;
import io.millrace.transforms.pattern.DetectThreshold;
import io.millrace.transforms.pattern.Deviation;
import io.millrace.transforms.pattern.Pattern;
import io.millrace.transforms.pattern.Velocity;
import io.millrace.transforms.read.EventTimes;
import io.millrace.transforms.read.ReadTopics;
import io.millrace.transforms.read.WatermarkPolicy;
import io.millrace.transforms.time.CorrectClockSkew;
import io.millrace.transforms.time.Corrected;
import io.millrace.transforms.time.RouteLate;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.AggregateByWindow;
import io.millrace.transforms.window.Attribute;
import io.millrace.transforms.window.LatePolicy;
import io.millrace.transforms.window.Windows;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages about time show. */
class TimePagesTest {
  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

  private static final Contract CONTRACT =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: readings
          version: 1.0.0
          status: active
          schema:
            - name: readings
              customProperties:
                - {property: kind, value: event}
                - {property: eventTime, value: at}
              properties:
                - {name: id, physicalType: text, primaryKey: true, primaryKeyPosition: 1}
                - {name: at, physicalType: timestamptz}
          """,
          "readings");

  record Order(String country, String site, long cents) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  record Payment(String card, long cents) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows.md", "time.md", "patterns.md"})
  void thePagesShowWhatThisTestRuns(String name) {
    DocsPage page = DocsPage.named(name);
    assertThat(page.blocks("java"), is(not(empty())));
    assertThat(page.javaThatIsNotIn(getClass()), is(empty()));
  }

  @Test
  void revenueIsSummedUpByHour() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<Order> orders = orders(pipeline);
    AggregateByWindow.Result revenue =
        orders.apply(
            AggregateByWindow.<Order>in(Windows.tumbling(Duration.standardHours(1)))
                .by(Attribute.string("country", Order::country))
                .compute(
                    Aggregate.count("orders"),
                    Aggregate.sum("revenue", Attribute.int64("cents", Order::cents)))
                .withLatePolicy(
                    LatePolicy.allowing(Duration.standardDays(1))
                        .withEarlyFirings(Duration.standardSeconds(10))));
    revenue.results();
    revenue.tooLate();
    PAssert.that(
            revenue
                .results()
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via(row -> row.getString("country") + " " + row.getInt64("revenue"))))
        .containsInAnyOrder("NZ 300", "NZ 400");
    PAssert.that(revenue.tooLate()).empty();
    pipeline.run();
  }

  @Test
  void ordersAreInTimeOrLate() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<Order> input = orders(pipeline);
    RouteLate.Result<Order> orders =
        input.apply(RouteLate.<Order>after(Duration.standardMinutes(10)).countedBy(Order::site));
    orders.onTime(); // no later than that
    orders.tooLate(); // LateElement: the event, its timestamp, the watermark when it came
    orders.counts(); // LateCounts: totals by source and hour of event time
    PAssert.thatSingleton(orders.onTime().apply(Count.globally())).isEqualTo(3L);
    PAssert.that(orders.tooLate()).empty();
    pipeline.run();
  }

  @Test
  void smallPaymentsAndThenABigOneAreFound() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<Payment> payments =
        pipeline.apply(
            Create.timestamped(
                    payment(1, 100), payment(2, 150), payment(3, 199), payment(4, 60_000))
                .withCoder(SerializableCoder.of(Payment.class)));
    Detect.Result<Payment> found =
        payments.apply(
            DetectPattern.of(
                "card_testing",
                Payment::card,
                Pattern.<Payment>begin("small", payment -> payment.cents() < 200)
                    .times(3)
                    .followedBy("big", payment -> payment.cents() > 50_000)
                    .within(Duration.standardMinutes(10))));
    found.alerts();
    found.tooLate();
    PAssert.that(
            found
                .alerts()
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via(alert -> alert.key() + " " + alert.events().size())))
        .containsInAnyOrder("4711 4");
    PAssert.that(found.tooLate()).empty();
    Detect<Payment> unusual =
        DetectThreshold.of(
            "unusual_amount",
            Payment::card,
            Deviation.<Payment>of(payment -> payment.cents() / 100.0).beyond(4).after(20));
    Detect<Payment> tooMany =
        DetectThreshold.of(
            "velocity", Payment::card, Velocity.above(5, Duration.standardMinutes(1)));
    PAssert.that(payments.apply("Unusual", unusual).alerts()).empty();
    PAssert.that(payments.apply("TooMany", tooMany).alerts()).empty();
    pipeline.run();
  }

  @Test
  void topicsAreReadByWhenThingsHappened() {
    Contract contract = CONTRACT;
    assertThat(
        DisplayData.from(topics(contract)).items().stream()
            .map(item -> item.getKey() + " " + item.getValue())
            .toList(),
        hasItems(
            is("topics purchases, readings"),
            allOf(
                startsWith("watermarks "),
                containsString("PT30S"),
                containsString("readings=PT900S"))));
  }

  private static ReadTopics.Records topics(Contract contract) {
    return ReadTopics.from("broker:9092")
        .topics(List.of("purchases", "readings"))
        .withEventTimes(
            EventTimes.of(contract),
            WatermarkPolicy.withDisorder(Duration.standardSeconds(30))
                .withDisorder("readings", Duration.standardMinutes(15))
                .withIdleWait(Duration.standardMinutes(2)));
  }

  /** What it learns is tested where it is built. */
  static PCollection<Corrected<BusinessEvent>> corrected(PCollection<BusinessEvent> events) {
    return events.apply(CorrectClockSkew.ofEvents(Duration.standardHours(6))).corrected();
  }

  private static PCollection<Order> orders(TestPipeline pipeline) {
    return pipeline.apply(
        Create.timestamped(order(1, 100), order(59, 200), order(60, 400))
            .withCoder(SerializableCoder.of(Order.class)));
  }

  private static TimestampedValue<Order> order(int minute, long cents) {
    return TimestampedValue.of(
        new Order("NZ", "shop", cents), START.plus(Duration.standardMinutes(minute)));
  }

  private static TimestampedValue<Payment> payment(int minute, long cents) {
    return TimestampedValue.of(
        new Payment("4711", cents), START.plus(Duration.standardMinutes(minute)));
  }
}
