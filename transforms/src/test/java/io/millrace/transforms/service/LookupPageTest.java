package io.millrace.transforms.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.DocsPage;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import io.millrace.transforms.enrich.EnrichWith;
import io.millrace.transforms.lookup.LookedUp;
import io.millrace.transforms.lookup.TableFiles;
import io.millrace.transforms.warehouse.TestWarehouse;
import io.millrace.transforms.warehouse.Warehouse;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code docs/lookups.md} shows. */
class LookupPageTest {
  private static final DocsPage PAGE = DocsPage.named("lookups.md");

  record Order(String id, long cents) implements Serializable {}

  record Directory(String url) implements ServiceConnector<String, String> {
    @Override
    public ServiceClient<String, String> connect() {
      HttpClient http = HttpClient.newHttpClient();
      return names -> {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(url))
                .POST(BodyPublishers.ofString(String.join("\n", names)))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 400) {
          throw new RefusedCallException("the directory finds a name bad");
        }
        if (response.statusCode() != 200) {
          throw new IOException("the directory answers " + response.statusCode());
        }
        return response
            .body()
            .lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      };
    }

    @Override
    public String toString() {
      return "the directory";
    }
  }

  private static List<String> csv(String header) {
    return PAGE.blocks("csv").stream()
        .filter(block -> block.startsWith(header))
        .findFirst()
        .orElseThrow()
        .lines()
        .skip(1)
        .toList();
  }

  private static PCollection<KV<String, Order>> orders(Pipeline pipeline, String... names) {
    List<TimestampedValue<KV<String, Order>>> orders =
        List.of(
            TimestampedValue.of(KV.of(names[0], new Order("o1", 1200)), Instant.ofEpochSecond(1)),
            TimestampedValue.of(KV.of(names[1], new Order("o2", 300)), Instant.ofEpochSecond(2)));
    return pipeline.apply(
        Create.timestamped(orders)
            .withCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Order.class))));
  }

  @ParameterizedTest
  @EnumSource
  void ordersMeetTheSegmentsShown(TestRunner runner, @TempDir Path directory) throws IOException {
    Path file = directory.resolve("customers.csv");
    Files.writeString(file, "customer,segment\n" + String.join("\n", csv("customer,segment")));
    TimedPipeline pipeline = new TimedPipeline(runner);
    List<String> expected = csv("order,customer");
    pipeline.expect(
        lookUp(orders(pipeline.pipeline(), "ada", "eve"), file.toString()),
        found -> {
          LookedUp<Order, String> order = found.getValue();
          return "%s,%s,%s,%s"
              .formatted(
                  order.element().id(), found.getKey(), order.element().cents(), order.row());
        },
        "1 " + expected.get(0),
        "2 " + expected.get(1));
    pipeline.run();
  }

  private static PCollection<KV<String, LookedUp<Order, String>>> lookUp(
      PCollection<KV<String, Order>> orders, String customers) {
    PCollection<KV<String, LookedUp<Order, String>>> found =
        orders.apply(
            EnrichWith.<String, Order, String>lookup(
                    TableFiles.csv(
                        customers, row -> KV.of(row.get("customer"), row.get("segment"))),
                    StringUtf8Coder.of())
                .refreshedEvery(Duration.standardMinutes(5)));
    return found;
  }

  @ParameterizedTest
  @EnumSource
  void theDirectoryIsAsked(TestRunner runner) throws IOException {
    try (LocalService server = LocalService.start()) {
      TimedPipeline pipeline = new TimedPipeline(runner);
      CalledService<String, Order, String> called =
          call(orders(pipeline.pipeline(), "ada", "bad"), server.connector().url());
      pipeline.expect(called.answered(), found -> found.getValue().answer(), "1 ADA");
      pipeline.expect(called.failed(), failed -> failed.reason().name(), "2 REFUSED");
      pipeline.run();
    }
  }

  private static CalledService<String, Order, String> call(
      PCollection<KV<String, Order>> orders, String url) {
    CalledService<String, Order, String> called =
        orders.apply(
            EnrichWith.<String, Order, String>service(new Directory(url), StringUtf8Coder.of())
                .withBatch(50)
                .withConcurrency(4)
                .withTimeout(Duration.standardSeconds(2)));
    called.answered(); // KV<String, Answered<Order, String>>
    called.failed(); // FailedCall<KV<String, Order>>
    return called;
  }

  @Test
  void theTableIsAsked() throws Exception {
    TestWarehouse postgres = TestWarehouse.create();
    postgres.execute("CREATE SCHEMA crm");
    postgres.execute("CREATE TABLE crm.customers AS SELECT 'ada' AS name, 'gold' AS segment");
    try (ServiceClient<String, String> client = segments(postgres.warehouse()).connect()) {
      assertThat(client.call(List.of("ada", "eve")), is(Map.of("ada", "gold")));
    }
    postgres.drop();
  }

  private static TableRows<String, String> segments(Warehouse database) {
    TableRows<String, String> segments =
        TableRows.of(
                database,
                "customers",
                "name",
                "text",
                row -> KV.of(row.getString("name"), row.getString("segment")))
            .inSchema("crm")
            .selecting("name", "segment");
    return segments;
  }

  @Test
  void thePageShowsWhatThisTestRuns() {
    assertThat(PAGE.blocks("java").size(), is(5));
    assertThat(PAGE.javaThatIsNotIn(getClass()), is(empty()));
  }
}
