package io.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.Differences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.apache.beam.sdk.transforms.Create;

/**
 * What Millrace promises of windows (docs/design.md), for random windows, policies and sales that
 * come in random order. A case is what windows tell of one shop; many ride in one pipeline.
 *
 * <p>{@code -Dlaws.seed=…} begins with that seed, and {@code -Dlaws.cases=…} tries so many cases.
 */
@Tag("law")
class WindowLawsTest {
  private static final int CASES = Integer.getInteger("laws.cases", 600);

  @Provide
  Arbitrary<Long> seeds() {
    Long given = Long.getLong("laws.seed");
    return given != null
        ? Arbitraries.just(given)
        : Arbitraries.longs()
            .between(0, 999_999_999)
            .withDistribution(RandomDistribution.uniform());
  }

  private interface Law {
    void check(RandomSales random) throws Exception;
  }

  /** Checks a law for at least so many cases, some in each round. */
  private static void holds(long seed, int cases, Law law) throws Exception {
    for (int round = 0; round * RandomSales.CASES < cases; round++) {
      try {
        law.check(new RandomSales(new Random(seed + round)));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "again with -Dlaws.seed=" + (seed + round) + ": " + e.getMessage(), e);
      }
    }
  }

  /** Whatever comes, however late: each pane is one of the reference, on every runner. */
  @Property(
      tries = 1,
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void everyPaneIsOneOfTheReference(@ForAll("seeds") long seed) throws Exception {
    holds(
        seed,
        CASES,
        random -> {
          List<WindowCase> cases = random.cases();
          Script script = random.script(RandomSales.ANY_LATENESS).withoutClock();
          for (TestRunner runner : List.of(TestRunner.DIRECT, TestRunner.FLINK_STREAMING)) {
            List<WindowOutput> outputs = WindowOutput.run(runner, script.stream(), cases);
            for (int i = 0; i < cases.size(); i++) {
              same(
                  runner + " differs from the reference: " + cases.get(i),
                  script,
                  ReferenceWindows.of(script, cases.get(i)).panes(),
                  outputs.get(i).panes());
            }
          }
        });
  }

  /**
   * Laws 2, 3 and 5: what all results come to is what DuckDB finds, bounded or not, on every
   * runner; with retractions and with discarded panes it is their sum.
   */
  @Property(
      tries = 1,
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void resultsComeToWhatABatchFinds(@ForAll("seeds") long seed) throws Exception {
    holds(
        seed,
        CASES,
        random -> {
          List<WindowCase> cases = random.casesByAnyClock();
          Script script = random.script(RandomSales.LEAST_LATENESS);
          List<List<String>> expected = batch(script, cases);
          for (TestRunner runner : List.of(TestRunner.DIRECT, TestRunner.FLINK_STREAMING)) {
            Script stream = runner == TestRunner.DIRECT ? script : script.withoutClock();
            check(
                runner + " differs from DuckDB, unbounded",
                script,
                cases,
                expected,
                WindowOutput.run(runner, stream.stream(), cases));
          }
          for (TestRunner runner : List.of(TestRunner.DIRECT, TestRunner.FLINK_BATCH)) {
            Create.TimestampedValues<Sale> sales =
                Create.timestamped(script.sales().stream().map(Sale::timestamped).toList())
                    .withCoder(new Sale.SaleCoder());
            check(
                runner + " differs from DuckDB, bounded",
                script,
                cases,
                expected,
                WindowOutput.run(runner, sales, cases));
          }
        });
  }

  private static List<List<String>> batch(Script script, List<WindowCase> cases)
      throws IOException, SQLException {
    Path csv = Files.createTempFile("sales", ".csv");
    try (WindowOracle oracle = new WindowOracle(script.sales(), csv)) {
      return cases.stream().map(oracle::rows).toList();
    } finally {
      Files.delete(csv);
    }
  }

  private static void check(
      String message,
      Script script,
      List<WindowCase> cases,
      List<List<String>> expected,
      List<WindowOutput> outputs) {
    for (int i = 0; i < cases.size(); i++) {
      String what = message + ": " + cases.get(i);
      same(what, script, expected.get(i), outputs.get(i).table(cases.get(i)));
      assertThat(what + " was too late", outputs.get(i).tooLate(), is(empty()));
    }
  }

  private static void same(
      String message, Script script, List<String> expected, List<String> actual) {
    assertThat(expected, is(not(empty())));
    List<String> differences = Differences.between(expected, actual);
    if (!differences.isEmpty()) {
      String shop = differences.get(0).replaceAll(".*(shop[0-9]+).*", "$1");
      List<String> ofShop =
          differences.stream().filter(difference -> difference.contains(shop + "|")).toList();
      throw new AssertionError(
          message + "\n" + String.join("\n", ofShop) + "\nof " + shop + ": " + script.of(shop));
    }
  }
}
