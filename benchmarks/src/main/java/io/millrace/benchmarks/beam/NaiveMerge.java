package io.millrace.benchmarks.beam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.orders.OrderBook;
import io.millrace.benchmarks.orders.OrderChanges;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.schemas.NoSuchSchemaException;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Beam as one writes it first: a line, a tree, a class with a schema, a keyed state of it. */
public final class NaiveMerge implements Contestant {
  private final Settings settings;

  public NaiveMerge(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void reset() {
    OrderBook.renew(OrderChanges.keys(settings.number("events")));
  }

  @Override
  public void run() throws NoSuchSchemaException {
    FlinkPipelineOptions options = BeamOnFlink.streaming();
    options.setObjectReuse(false);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Read", TextIO.read().from(settings.text("file")))
        .apply("Parse", ParDo.of(new ParseFn()))
        .apply(
            "Key", WithKeys.of((NaiveOrder order) -> order.id).withKeyType(TypeDescriptors.longs()))
        .apply(
            "Newest",
            ParDo.of(new NewestFn(pipeline.getSchemaRegistry().getSchemaCoder(NaiveOrder.class))))
        .apply("Book", ParDo.of(new BookNaiveFn()));
    pipeline.run().waitUntilFinish();
  }

  @Override
  public Outcome outcome() {
    OrderBook book = OrderBook.shared();
    return Outcome.of(book.answer(), book.keys());
  }

  static final class ParseFn extends DoFn<String, NaiveOrder> {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ProcessElement
    public void process(@Element String line, OutputReceiver<NaiveOrder> out)
        throws JsonProcessingException {
      JsonNode event = JSON.readTree(line);
      JsonNode after = event.path("after");
      JsonNode source = event.path("source");
      JsonNode commit = JSON.readTree(source.path("sequence").asText()).path(0);
      NaiveOrder order = new NaiveOrder();
      order.id = (after.isNull() ? event.path("before") : after).path("id").asLong();
      order.deleted = event.path("op").asText().equals("d");
      order.commitLsn = commit.asLong();
      order.streamed = source.path("snapshot").asText().equals("false");
      order.lsn = source.path("lsn").asLong();
      order.committedAtMillis = source.path("ts_ms").asLong();
      order.row = after.toString();
      out.output(order);
    }
  }

  static final class NewestFn extends DoFn<KV<Long, NaiveOrder>, NaiveOrder> {
    private static final long serialVersionUID = 1L;

    @StateId("newest")
    private final StateSpec<ValueState<NaiveOrder>> newestSpec;

    NewestFn(Coder<NaiveOrder> coder) {
      newestSpec = StateSpecs.value(coder);
    }

    @ProcessElement
    public void process(
        @Element KV<Long, NaiveOrder> element,
        @StateId("newest") ValueState<NaiveOrder> newest,
        OutputReceiver<NaiveOrder> out) {
      NaiveOrder order = element.getValue();
      NaiveOrder known = newest.read();
      if (known == null || order.isAfter(known)) {
        newest.write(order);
        out.output(order);
      }
    }
  }

  static final class BookNaiveFn extends DoFn<NaiveOrder, Void> {
    private static final long serialVersionUID = 1L;

    private transient OrderBook book;

    @Setup
    public void setup() {
      book = OrderBook.shared();
    }

    @ProcessElement
    public void process(@Element NaiveOrder order) {
      book.put(order.id, order.commitLsn, order.streamed ? 1 : 0, order.lsn, 0, order.deleted);
    }
  }
}
