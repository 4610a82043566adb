package io.millrace.transforms.window;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** What happens in a stream of sales, step by step; when all is done, it ends. */
record Script(List<Step> steps) {

  /** A step, which is over when all that it brings about has happened. */
  sealed interface Step {}

  /** Sales arrive. */
  record Arrivals(List<Sale> sales) implements Step {
    @Override
    public String toString() {
      return sales.stream()
          .map(sale -> sale.cents() + " at " + sale.millis())
          .collect(Collectors.joining(", "));
    }
  }

  /** The watermark moves to a time in milliseconds. */
  record Watermark(long millis) implements Step {
    @Override
    public String toString() {
      return "watermark " + millis;
    }
  }

  /** The clock moves on by so many milliseconds. */
  record Clock(long millis) implements Step {
    @Override
    public String toString() {
      return "clock +" + millis;
    }
  }

  List<Sale> sales() {
    return steps.stream()
        .filter(Arrivals.class::isInstance)
        .flatMap(step -> ((Arrivals) step).sales().stream())
        .toList();
  }

  /** The same without the steps of the clock, of which Flink's test stream knows nothing. */
  Script withoutClock() {
    return new Script(steps.stream().filter(step -> !(step instanceof Clock)).toList());
  }

  /** The same with the sales of one shop alone. */
  Script of(String shop) {
    List<Step> own = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Arrivals arrivals) {
        List<Sale> sales =
            arrivals.sales().stream().filter(sale -> sale.shop().equals(shop)).toList();
        if (!sales.isEmpty()) {
          own.add(new Arrivals(sales));
        }
      } else {
        own.add(step);
      }
    }
    return new Script(own);
  }

  TestStream<Sale> stream() {
    TestStream.Builder<Sale> stream = TestStream.create(new Sale.SaleCoder());
    for (Step step : steps) {
      if (step instanceof Watermark watermark) {
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark.millis()));
      } else if (step instanceof Clock clock) {
        stream = stream.advanceProcessingTime(Duration.millis(clock.millis()));
      } else if (step instanceof Arrivals arrivals && !arrivals.sales().isEmpty()) {
        List<TimestampedValue<Sale>> sales =
            arrivals.sales().stream().map(Sale::timestamped).toList();
        stream = stream.addElements(sales.get(0), rest(sales));
      }
    }
    return stream.advanceWatermarkToInfinity();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static TimestampedValue<Sale>[] rest(List<TimestampedValue<Sale>> sales) {
    return sales.subList(1, sales.size()).toArray(new TimestampedValue[0]);
  }

  @Override
  public String toString() {
    return steps.stream().map(String::valueOf).collect(Collectors.joining("; "));
  }
}
