package io.millrace.transforms.join;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.transforms.DocsPage;
import io.millrace.transforms.TestRunner;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What {@code docs/joins.md} shows of streams. */
class JoinStreamsPageTest {
  private static final DocsPage PAGE = DocsPage.named("joins.md");

  record Order(String what) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  record Shipment(String what) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void ordersAndShipmentsMakeThePairsShown() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<String, String>> events = pipeline.apply(events());
    PCollection<KV<String, Order>> orders =
        events
            .apply("Orders", ParDo.of(new SideFn<Order>("order ", Order::new)))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Order.class)));
    PCollection<KV<String, Shipment>> shipments =
        events
            .apply("Shipments", ParDo.of(new SideFn<Shipment>("shipment ", Shipment::new)))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Shipment.class)));
    JoinedStreams<String, Order, Shipment> shipped =
        KeyedStreams.of(orders, shipments)
            .apply(
                JoinStreams.<String, Order, Shipment>within(Duration.ZERO, Duration.standardDays(2))
                    .leftOuter()
                    .withAllowedLateness(Duration.standardHours(1)));
    shipped.joined(); // KV<String, Joined<Order, Shipment>>
    shipped.tooLateLeft(); // KV<String, Order>
    shipped.tooLateRight(); // KV<String, Shipment>
    PAssert.that(shipped.joined().apply("Text", ParDo.of(new TextFn())))
        .containsInAnyOrder(PAGE.blocks("csv").get(1).lines().skip(1).toList());
    PAssert.that(shipped.tooLateLeft()).empty();
    PAssert.that(shipped.tooLateRight())
        .containsInAnyOrder(List.of(KV.of("1", new Shipment("parcel"))));
    pipeline.run();
  }

  @Test
  void thePageShowsWhatThisTestRuns() {
    List<String> ofStreams =
        PAGE.blocks("java").stream().filter(block -> block.contains("JoinStreams")).toList();
    assertThat(ofStreams, is(not(empty())));
    assertThat(
        PAGE.javaThatIsNotIn(getClass()).stream().filter(ofStreams::contains).toList(),
        is(empty()));
  }

  /** One by one, the watermark at the newest of them. */
  private static TestStream<KV<String, String>> events() {
    TestStream.Builder<KV<String, String>> stream =
        TestStream.create(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    Instant watermark = Instant.EPOCH;
    for (String line : PAGE.blocks("csv").get(0).lines().skip(1).toList()) {
      List<String> cells = List.of(line.split(",", -1));
      Instant time = Instant.parse(cells.get(3));
      stream =
          stream.addElements(
              TimestampedValue.of(KV.of(cells.get(1), cells.get(0) + " " + cells.get(2)), time));
      if (time.isAfter(watermark)) {
        watermark = time;
        stream = stream.advanceWatermarkTo(watermark);
      }
    }
    return stream.advanceWatermarkToInfinity();
  }

  /** Makes something of a text. */
  private interface Making<T> extends Serializable {
    T of(String text);
  }

  private static final class SideFn<T> extends DoFn<KV<String, String>, KV<String, T>> {
    private static final long serialVersionUID = 1L;

    private final String side;
    private final Making<T> making;

    SideFn(String side, Making<T> making) {
      this.side = side;
      this.making = making;
    }

    @ProcessElement
    public void process(@Element KV<String, String> event, OutputReceiver<KV<String, T>> out) {
      if (event.getValue().startsWith(side)) {
        out.output(KV.of(event.getKey(), making.of(event.getValue().substring(side.length()))));
      }
    }
  }

  private static final class TextFn extends DoFn<KV<String, Joined<Order, Shipment>>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, Joined<Order, Shipment>> joined,
        @Timestamp Instant timestamp,
        OutputReceiver<String> out) {
      Joined<Order, Shipment> pair = joined.getValue();
      out.output(
          String.join(
              ",",
              joined.getKey(),
              pair.left().what(),
              pair.isPair() ? pair.right().what() : "",
              java.time.Instant.ofEpochMilli(timestamp.getMillis()).toString()));
    }
  }
}
