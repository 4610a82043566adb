package io.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.oracle.Differences;
import io.millrace.transforms.window.Script.Arrivals;
import io.millrace.transforms.window.Script.Clock;
import io.millrace.transforms.window.Script.Step;
import io.millrace.transforms.window.Script.Watermark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All windows, by all policies, of sales in all sorts of order, all in one pipeline: each pane is
 * one of {@link ReferenceWindows}, and there is no other.
 */
class WindowMatrixTest {
  private static final Duration TEN_SECONDS = Duration.standardSeconds(10);

  private static final List<Windows> WINDOWS =
      List.of(
          Windows.tumbling(TEN_SECONDS),
          Windows.hopping(TEN_SECONDS, Duration.standardSeconds(5))
              .withOffset(Duration.standardSeconds(3)),
          Windows.hopping(TEN_SECONDS, Duration.standardSeconds(4)),
          Windows.sessions(Duration.standardSeconds(6)),
          Windows.trailing(TEN_SECONDS),
          Windows.fromOldest(TEN_SECONDS),
          Windows.global());

  private static final LatePolicy LATE = LatePolicy.allowing(TEN_SECONDS);

  private static final List<LatePolicy> POLICIES =
      Stream.concat(
              Stream.of(LatePolicy.onTimeOnly(), LatePolicy.onTimeOnly().withEarlyFiringsAfter(2)),
              Stream.of(Corrections.values())
                  .flatMap(
                      corrections ->
                          Stream.of(LATE, LATE.withEarlyFiringsAfter(2))
                              .map(policy -> policy.withCorrections(corrections))))
          .toList();

  private static final LatePolicy BY_THE_CLOCK =
      LATE.withEarlyFirings(TEN_SECONDS).withLateFirings(TEN_SECONDS);

  private static final List<LatePolicy> POLICIES_BY_THE_CLOCK =
      List.of(
          LatePolicy.onTimeOnly().withEarlyFirings(TEN_SECONDS),
          LATE.withLateFirings(TEN_SECONDS).withCorrections(Corrections.RETRACT),
          BY_THE_CLOCK,
          BY_THE_CLOCK.withCorrections(Corrections.DISCARD),
          BY_THE_CLOCK.withCorrections(Corrections.RETRACT));

  /** Seconds at which things are sold; a bar stands for the next watermark, a dash for no sale. */
  private static final Map<String, String> DISORDERS =
      Map.ofEntries(
          Map.entry("ordered", "1 4 9 | 12 14 - | 17 21 - | 26 33 - | 37 49 -"),
          Map.entry("sparse", "1 - - | - - - | 20 - - | - - - | 58 - -"),
          Map.entry("outOfOrder", "9 1 4 | 14 12 13 | 21 17 20 | 33 26 29 | 49 37 41"),
          Map.entry("late", "1 4 - | 8 12 5 | 9.999 6 13 | 16 30 15 | 27 45 40"),
          Map.entry("lateAlone", "- - - | 8 - - | 7 - - | - - - | 28 - -"),
          Map.entry("lateJoins", "1 8 14 | 3 10 - | 5 20 15 | 17 27 21 | 33 28 38"),
          Map.entry("lateBefore", "9 6 - | 4 2 - | 14 8 6 | 30 26 22 | 35 31 28"),
          Map.entry("tooLate", "1 4 - | 12 -30 - | 17 - 2 | 2 1.5 13 | 14 3 25.999"),
          Map.entry("doubled", "1 1 4 | 1 12 12 | 4 12 12 | 12 26 26 | 12 26 12"),
          Map.entry("bounds", "0 9.999 10 | 10 9.999 5 | 14.999 15 5 | 24 14 13.999 | 40 30 36"));

  private static final long[] WATERMARKS = {10, 15, 24, 36};

  /** The sales of all disorders, step by step. */
  private static Script script() {
    Map<String, List<String>> tokens = new LinkedHashMap<>();
    DISORDERS.forEach((name, text) -> tokens.put(name, List.of(text.split(" ", -1))));
    List<Step> steps = new ArrayList<>();
    int watermarks = 0;
    for (int step = 0; step < tokens.get("ordered").size(); step++) {
      List<Sale> sales = new ArrayList<>();
      for (Map.Entry<String, List<String>> entry : tokens.entrySet()) {
        String token = entry.getValue().get(step);
        if (!token.equals("-") && !token.equals("|")) {
          sales.add(Sale.at(Double.parseDouble(token), entry.getKey(), cents(step)));
        }
      }
      if (sales.isEmpty()) {
        steps.add(new Watermark(WATERMARKS[watermarks++] * 1000));
      } else {
        steps.add(new Arrivals(sales));
      }
      steps.add(new Clock(3_000));
    }
    return new Script(steps);
  }

  /** Such that a sum tells what it is made of; and not in order. */
  private static long cents(int step) {
    return (step % 3 == 1 ? -1 : 1) * (1L << step);
  }

  private static List<WindowCase> cases(List<LatePolicy> policies) {
    return WINDOWS.stream()
        .flatMap(windows -> policies.stream().map(policy -> new WindowCase(windows, policy)))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void panesAreThoseOfTheReference(TestRunner runner) {
    check(runner, cases(POLICIES), script().withoutClock());
  }

  @Test
  void panesByTheClockAreThoseOfTheReference() {
    check(TestRunner.DIRECT, cases(POLICIES_BY_THE_CLOCK), script());
  }

  private static void check(TestRunner runner, List<WindowCase> cases, Script script) {
    List<WindowOutput> outputs = WindowOutput.run(runner, script.stream(), cases);
    for (int i = 0; i < cases.size(); i++) {
      List<String> expected = ReferenceWindows.of(script, cases.get(i)).panes();
      assertThat(expected, is(not(empty())));
      assertThat(
          cases.get(i).toString(),
          Differences.between(expected, outputs.get(i).panes()),
          is(empty()));
    }
  }

  /** The clock of Flink is the machine's: when results come is chance, what they come to is not. */
  @Test
  void tablesByTheClockAreThoseOfTheReference() {
    List<WindowCase> cases =
        cases(POLICIES_BY_THE_CLOCK).stream()
            .map(windows -> windows.waiting(Duration.millis(5)))
            .toList();
    Script script = script().withoutClock();
    List<WindowOutput> outputs =
        WindowOutput.run(TestRunner.FLINK_STREAMING, script.stream(), cases);
    for (int i = 0; i < cases.size(); i++) {
      WindowOutput expected = ReferenceWindows.of(script, cases.get(i));
      assertThat(
          cases.get(i).toString(),
          Differences.between(expected.table(cases.get(i)), outputs.get(i).table(cases.get(i))),
          is(empty()));
    }
  }
}
