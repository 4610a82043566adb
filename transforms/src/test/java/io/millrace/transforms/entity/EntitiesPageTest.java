package io.millrace.transforms.entity;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.DocsPage;
import io.millrace.transforms.TestRunner;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code docs/entities.md} shows. */
class EntitiesPageTest {
  private static final DocsPage PAGE = DocsPage.named("entities.md");

  record Purchase(String id, String product, double amount) implements Serializable {}

  record Customer(long purchases, String lastProduct, double lifetimeValue)
      implements Serializable {

    static Customer after(Customer customer, Purchase purchase) {
      Customer before = customer == null ? new Customer(0, "", 0) : customer;
      return new Customer(
          before.purchases() + 1, purchase.product(), before.lifetimeValue() + purchase.amount());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void purchasesMakeTheCustomersShown(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    PCollection<KV<String, Evolved<Customer>>> evolved = evolve(pipeline.apply(purchases()));
    List<String> expected = PAGE.blocks("csv").get(1).lines().skip(1).toList();
    PAssert.that(evolved)
        .satisfies(
            said -> {
              assertThat(newest(said), is(expected));
              return null;
            });
    pipeline.run();
  }

  @Test
  void thePageShowsWhatThisTestRuns() {
    assertThat(PAGE.blocks("java").size(), is(2));
    assertThat(PAGE.javaThatIsNotIn(getClass()), is(empty()));
  }

  private static PCollection<KV<String, Evolved<Customer>>> evolve(
      PCollection<KV<String, Purchase>> purchases) {
    EvolvedEntities<String, Purchase, Customer> customers =
        purchases.apply(
            EvolveEntity.<String, Purchase, Customer>by(
                    Customer::after, SerializableCoder.of(Customer.class))
                .identifiedBy(Purchase::id)
                .within(Duration.standardHours(24)));
    customers.entities(); // KV<String, Evolved<Customer>>
    customers.tooLate(); // KV<String, Purchase>
    PAssert.that(customers.tooLate()).empty();
    return customers.entities();
  }

  /** One by one, the watermark at the newest of them. */
  private static TestStream<KV<String, Purchase>> purchases() {
    TestStream.Builder<KV<String, Purchase>> stream =
        TestStream.create(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Purchase.class)));
    Instant watermark = Instant.EPOCH;
    for (String line : PAGE.blocks("csv").get(0).lines().skip(1).toList()) {
      List<String> cells = List.of(line.split(",", -1));
      Instant time = Instant.parse(cells.get(4));
      Purchase purchase =
          new Purchase(cells.get(1), cells.get(2), Double.parseDouble(cells.get(3)));
      stream = stream.addElements(TimestampedValue.of(KV.of(cells.get(0), purchase), time));
      if (time.isAfter(watermark)) {
        watermark = time;
        stream = stream.advanceWatermarkTo(watermark);
      }
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static List<String> newest(Iterable<KV<String, Evolved<Customer>>> said) {
    var newest = new TreeMap<String, Evolved<Customer>>();
    for (KV<String, Evolved<Customer>> entity : said) {
      newest.merge(
          entity.getKey(),
          entity.getValue(),
          (one, other) -> one.revision() > other.revision() ? one : other);
    }
    List<String> lines = new ArrayList<>();
    newest.forEach(
        (name, evolved) -> {
          Customer customer = evolved.entity();
          lines.add(
              "%s,%s,%s,%s,%s,%s"
                  .formatted(
                      name,
                      customer.purchases(),
                      customer.lastProduct(),
                      customer.lifetimeValue(),
                      java.time.Instant.ofEpochMilli(evolved.asOf().getMillis()),
                      evolved.events()));
        });
    return lines;
  }
}
