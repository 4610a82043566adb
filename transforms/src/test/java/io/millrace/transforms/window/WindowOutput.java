package io.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.DroppedForLateness;
import io.millrace.transforms.oracle.Gathered;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/** What windows gave, and what came too late for them. */
record WindowOutput(List<Told> results, List<Told> tooLate) {

  /** Runs a pipeline in which all cases read the same sales. */
  static List<WindowOutput> run(
      TestRunner runner, PTransform<PBegin, PCollection<Sale>> source, List<WindowCase> cases) {
    PipelineOptions options = runner.options();
    // While a bundle is open, Flink holds back the watermark; and two tasks know no common order.
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<Sale> sales = pipeline.apply("Sales", source);
    for (int i = 0; i < cases.size(); i++) {
      AggregateByWindow.Result result = sales.apply("Aggregate " + i, Told.by(cases.get(i)));
      result.results().apply("Gather " + i, Gathered.as("results " + i));
      result.tooLate().apply("Gather late " + i, Gathered.as("tooLate " + i));
    }
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    List<WindowOutput> outputs = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      outputs.add(new WindowOutput(taken("results " + i), taken("tooLate " + i)));
    }
    assertThat(DroppedForLateness.by(run), equalTo(0L));
    return outputs;
  }

  private static List<Told> taken(String name) {
    return Gathered.<Row>take(name).stream().map(Told::of).toList();
  }

  /** All that was given, pane by pane. */
  List<String> panes() {
    List<String> panes = new ArrayList<>();
    results.forEach(told -> panes.add(told.toString()));
    tooLate.forEach(told -> panes.add(told.toString()));
    return panes;
  }

  /**
   * What whoever applies all results, in whatever order, has in the end.
   *
   * @throws AssertionError if retractions and what they void do not balance
   */
  List<String> table(WindowCase windows) {
    return switch (windows.policy().corrections()) {
      case ACCUMULATE -> lastRevisions();
      case DISCARD -> sums(windows.windows().kind() == Windows.Kind.SESSIONS);
      case RETRACT -> balance();
    };
  }

  /** The last revision of each window, unless it was voided. */
  private List<String> lastRevisions() {
    Map<String, Told> last = new HashMap<>();
    for (Told told : results) {
      last.merge(
          told.shop() + " " + told.start(),
          told,
          (one, other) ->
              one.revision() > other.revision()
                      || (one.revision() == other.revision() && one.retraction())
                  ? one
                  : other);
    }
    return last.values().stream()
        .filter(told -> !told.retraction())
        .map(told -> Told.text(told.shop(), told.start(), told.end(), told.values()))
        .toList();
  }

  private List<String> balance() {
    Map<String, Integer> sums = new HashMap<>();
    for (Told told : results) {
      String text = Told.text(told.shop(), told.start(), told.end(), told.values());
      sums.merge(text, told.retraction() ? -1 : 1, Integer::sum);
    }
    List<String> left = new ArrayList<>();
    sums.forEach(
        (text, sum) -> {
          for (int i = 0; i < Math.abs(sum); i++) {
            left.add(sum < 0 ? "voided but never told: " + text : text);
          }
        });
    return left;
  }

  /** Sums by window; sessions that overlap are one that has grown. */
  private List<String> sums(boolean areSessions) {
    List<Told> sums = new ArrayList<>();
    List<Told> sorted = new ArrayList<>(results);
    sorted.sort(
        Comparator.comparing(Told::shop)
            .thenComparing(told -> told.start() == null ? 0 : told.start()));
    for (Told told : sorted) {
      Told last = sums.isEmpty() ? null : sums.get(sums.size() - 1);
      if (last != null
          && told.shop().equals(last.shop())
          && (areSessions
              ? told.start() < last.end()
              : Objects.equals(told.start(), last.start()))) {
        sums.set(sums.size() - 1, last.plus(told));
      } else {
        sums.add(told);
      }
    }
    return sums.stream()
        .map(told -> Told.text(told.shop(), told.start(), told.end(), Told.summable(told.values())))
        .toList();
  }
}
