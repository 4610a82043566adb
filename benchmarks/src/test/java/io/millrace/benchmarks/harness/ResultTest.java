package io.millrace.benchmarks.harness;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.millrace.benchmarks.harness.Entrant.Role;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static Result result(double... cpuSeconds) {
    Result result =
        new Result(
            new Entrant(
                "one",
                Role.SHOWN,
                "",
                settings -> {
                  throw new IllegalStateException();
                }));
    for (double seconds : cpuSeconds) {
      result.add(new Measurement(seconds, 0, 0, 0, "", 0, Map.of()));
    }
    return result;
  }

  @Test
  void ratiosAreOfRoundsThatWereRunTogether() {
    double[] ratios = result(2, 4).ratios(result(3, 2), Measure.CPU);
    assertThat(ratios[0], is(closeTo(1.5, 1e-9)));
    assertThat(ratios[1], is(closeTo(0.5, 1e-9)));
  }

  @Test
  void medianIsTheMiddleOrTheMeanOfTwo() {
    assertThat(Result.median(new double[] {9, 1, 2}), equalTo(2.0));
    assertThat(Result.median(new double[] {9, 1, 2, 4}), equalTo(3.0));
  }
}
