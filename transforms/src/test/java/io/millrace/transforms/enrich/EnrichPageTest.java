package io.millrace.transforms.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.DocsPage;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.quality.DeadLetter;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What {@code docs/enrich.md} shows. */
class EnrichPageTest {
  private static final DocsPage PAGE = DocsPage.named("enrich.md");

  record Order(String product) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  record Customer(String segment) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void thePageShowsWhatThisTestRuns() {
    assertThat(PAGE.blocks("java").size(), is(greaterThan(1)));
    assertThat(PAGE.javaThatIsNotIn(getClass()), is(empty()));
  }

  @Test
  void ordersHaveTheSegmentsShown() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<List<String>> lines = pipeline.apply(arrivals());
    PCollection<KV<String, Order>> orders =
        lines
            .apply("Orders", Filter.by(cells -> cells.get(0).equals("order")))
            .apply(
                MapElements.into(new TypeDescriptor<KV<String, Order>>() {})
                    .via(cells -> KV.of(cells.get(1), new Order(cells.get(3)))))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Order.class)));
    PCollection<KV<String, TableVersion<Customer>>> customers =
        lines
            .apply("Customers", Filter.by(cells -> cells.get(0).equals("customer")))
            .apply(
                MapElements.into(new TypeDescriptor<KV<String, TableVersion<Customer>>>() {})
                    .via(
                        cells ->
                            KV.of(
                                cells.get(1),
                                TableVersion.row(
                                    Instant.parse(cells.get(2)),
                                    Position.of(cells.get(2).getBytes(UTF_8)),
                                    new Customer(cells.get(3))))))
            .setCoder(
                KvCoder.of(
                    StringUtf8Coder.of(),
                    TableVersionCoder.of(SerializableCoder.of(Customer.class))));
    EnrichedFacts<String, Order, Customer> enriched =
        orders.apply(
            EnrichWith.<String, Order, Customer>versionedTable(customers)
                .left()
                .withCorrectionHorizon(Duration.standardHours(1))
                .waitingFor(Duration.standardSeconds(30)));
    enriched.enriched(); // KV<String, Enriched<Order, Customer>>
    enriched.tooLate(); // KV<String, Order>
    PAssert.that(
            enriched
                .enriched()
                .apply(MapElements.into(TypeDescriptors.strings()).via(EnrichPageTest::show)))
        .containsInAnyOrder(PAGE.blocks("csv").get(1).lines().skip(1).toList());
    PAssert.that(enriched.tooLate()).empty();
    pipeline.run();
  }

  /** One by one, the watermark at the newest of them. */
  private static TestStream<List<String>> arrivals() {
    TestStream.Builder<List<String>> stream = TestStream.create(ListCoder.of(StringUtf8Coder.of()));
    Instant watermark = Instant.EPOCH;
    for (String line : PAGE.blocks("csv").get(0).lines().skip(1).toList()) {
      List<String> cells = List.of(line.split(",", -1));
      Instant time = Instant.parse(cells.get(2));
      stream = stream.addElements(TimestampedValue.of(cells, time));
      if (time.isAfter(watermark)) {
        watermark = time;
        stream = stream.advanceWatermarkTo(watermark);
      }
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static String show(KV<String, Enriched<Order, Customer>> said) {
    Enriched<Order, Customer> enriched = said.getValue();
    Customer customer = enriched.row();
    return "%s,%s,%s,%s,%s,%s"
        .formatted(
            enriched.kind(),
            said.getKey(),
            enriched.fact().product(),
            customer == null ? "" : customer.segment(),
            enriched.since() == null
                ? ""
                : java.time.Instant.ofEpochMilli(enriched.since().getMillis()),
            enriched.revision());
  }

  @Test
  void changesBecomeVersions() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    Contract contract = Contract.parse(PAGE.blocks("yaml").get(0), "the page's contract");
    TableContract customers = contract.table("public.customers").orElseThrow();
    ParsedChanges parsed =
        pipeline
            .apply(Create.of(block(PAGE.blocks("jsonl").get(0).lines().toList())))
            .apply(ParseChanges.as(ChangeFormat.CHANGES, contract));
    ReadVersions.Result<Long> versions =
        parsed
            .changes()
            .apply(
                ReadVersions.of(customers, key -> key.getInt64("id"), VarLongCoder.of())
                    .withColumns("name", "segment"));
    versions.versions(); // KV<Long, TableVersion<Row>>
    versions.deadLetters(); // changes that do not tell all of it
    PAssert.that(
            versions
                .versions()
                .apply(
                    "ShowVersions",
                    MapElements.into(TypeDescriptors.strings())
                        .via(
                            version ->
                                version.getKey()
                                    + " "
                                    + version.getValue().since()
                                    + " "
                                    + (version.getValue().isDelete()
                                        ? "gone"
                                        : version.getValue().row().getValues())
                                    + (version.getValue().isSnapshot() ? " snapshot" : ""))))
        .containsInAnyOrder(
            "1 2026-05-01T09:00:00.000Z [Ada, basic] snapshot",
            "1 2026-05-01T11:00:00.123Z [Ada, gold]",
            "1 2026-05-01T13:00:00.000Z gone");
    PAssert.that(
            versions
                .deadLetters()
                .apply(
                    "ShowLetters",
                    MapElements.into(TypeDescriptors.strings())
                        .via(letter -> letter.reason() + " " + letter.position())))
        .containsInAnyOrder("MISSING_COLUMN 80018103", "NO_TIME 80018105");
    pipeline.run();
  }

  /** Of changes that are facts, one whose row is not there; it keeps what was received. */
  @Test
  void unmatchedChangesBecomeDeadLetters() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    Contract contract = Contract.parse(PAGE.blocks("yaml").get(0), "the page's contract");
    PCollection<KV<Long, ChangeEvent>> facts =
        pipeline
            .apply(Create.of(block(PAGE.blocks("jsonl").get(0).lines().limit(1).toList())))
            .apply(ParseChanges.as(ChangeFormat.CHANGES, contract))
            .changes()
            .apply(WithKeys.<Long, ChangeEvent>of(1L).withKeyType(TypeDescriptors.longs()));
    PCollection<KV<Long, TableVersion<Customer>>> empty =
        pipeline.apply(
            "NoCustomers",
            Create.empty(
                KvCoder.of(
                    VarLongCoder.of(),
                    TableVersionCoder.of(SerializableCoder.of(Customer.class)))));
    PAssert.thatSingleton(
            facts
                .apply(EnrichWith.<Long, ChangeEvent, Customer>versionedTable(empty))
                .unmatched()
                .apply(
                    MapElements.into(TypeDescriptor.of(DeadLetter.class))
                        .via(fact -> EnrichedFacts.deadLetter(fact.getValue(), "segments"))))
        .satisfies(
            letter -> {
              assertThat(letter.stage(), is(DeadLetter.Stage.JOIN));
              assertThat(letter.reason(), is(RejectedRecordException.Reason.NO_ROW));
              assertThat(letter.message(), startsWith("segments had no row"));
              assertThat(letter.table(), is("public.customers"));
              assertThat(letter.origin(), is(Origin.ofFile("customers.jsonl", 0, 1)));
              return null;
            });
    pipeline.run();
  }

  private static RecordBlock block(List<String> lines) {
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    for (int i = 0; i < lines.size(); i++) {
      byte[] value = lines.get(i).getBytes(UTF_8);
      writer.add(i * 1_000L, i + 1L, 0, null, value, 0, value.length);
    }
    return RecordBlock.of("customers.jsonl", Origin.NO_PARTITION, writer.take());
  }
}
