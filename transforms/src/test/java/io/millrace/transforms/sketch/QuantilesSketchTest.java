package io.millrace.transforms.sketch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notANumber;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The values are the whole numbers from 0, so that a value tells its rank. The library draws at
 * random: one rank in a hundred may lie beyond the error of 99%, but hardly ever beyond twice that.
 */
class QuantilesSketchTest {
  private static final double[] RANKS =
      DoubleStream.iterate(0.01, rank -> rank < 0.995, rank -> rank + 0.01).toArray();

  @ParameterizedTest
  @CsvSource({"200, 0.0133", "400, 0.0069", "2000, 0.00142"})
  void quantilesAreWithinTheErrorOfRank(int k, double error) {
    int count = 200_000;
    byte[] sketch =
        Combined.inParts(
            QuantilesSketch.<Long>ofNumbers().withK(k).toSketch(),
            Values.shuffled(0, count),
            7,
            new Random(k));
    double distance = 0;
    for (double rank : RANKS) {
      double found = QuantilesSketch.quantile(sketch, rank) / count;
      assertThat(found, closeTo(rank, 2 * error));
      distance += Math.abs(found - rank) / RANKS.length;
      assertThat(QuantilesSketch.rank(sketch, rank * count), closeTo(rank, 2 * error));
    }
    assertThat(distance, lessThan(error));
    assertThat(QuantilesSketch.rankError(sketch), closeTo(error, error / 50));
    assertThat(QuantilesSketch.quantile(sketch, 0), is(0.0));
    assertThat(QuantilesSketch.quantile(sketch, 1), is(count - 1.0));
    assertThat(QuantilesSketch.count(sketch), is((long) count));
  }

  @Test
  void upToKValuesAreExact() {
    List<Long> values = Values.shuffled(1, 201);
    var combine = QuantilesSketch.<Long>ofNumbers().toQuantiles(0, 0.5, 0.501, 0.95, 1);
    List<Double> expected = List.of(1.0, 100.0, 101.0, 190.0, 200.0);
    assertThat(Combined.of(combine, values), is(expected));
    assertThat(Combined.inParts(combine, values, 4, new Random(1)), is(expected));
    byte[] sketch = Combined.of(QuantilesSketch.<Long>ofNumbers().toSketch(), values);
    assertThat(QuantilesSketch.rankError(sketch), is(0.0));
    assertThat(QuantilesSketch.rank(sketch, 50), is(0.25));
  }

  @Test
  void numbersOfAnyTypeAreTaken() {
    List<Number> numbers = Arrays.asList(1, 2L, new BigDecimal("2.50"), null, Double.NaN, 4.0f);
    assertThat(
        Combined.of(QuantilesSketch.ofNumbers().toQuantiles(0.5, 0.75, 1), numbers),
        is(List.of(2.0, 2.5, 4.0)));
  }

  @Test
  void mergedSketchesAnswerForAllValues() {
    List<byte[]> hours = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      hours.add(
          Combined.of(
              QuantilesSketch.<Long>ofNumbers().toSketch(),
              Values.shuffled(hour * 5000L, (hour + 1) * 5000L)));
    }
    double median = Combined.of(QuantilesSketch.ofSketches().toQuantile(0.5), hours);
    assertThat(median / 120_000, closeTo(0.5, 2 * 0.0133));
    byte[] day = Combined.inParts(QuantilesSketch.ofSketches().toSketch(), hours, 3, new Random(3));
    assertThat(QuantilesSketch.count(day), is(120_000L));
    assertThat(QuantilesSketch.quantile(day, 0.95) / 120_000, closeTo(0.95, 2 * 0.0133));
  }

  @Test
  void mergedSketchesHaveTheErrorOfTheSmallest() {
    List<Long> values = Values.shuffled(0, 10_000);
    byte[] small = Combined.of(QuantilesSketch.<Long>ofNumbers().withK(100).toSketch(), values);
    byte[] large = Combined.of(QuantilesSketch.<Long>ofNumbers().withK(800).toSketch(), values);
    byte[] both = Combined.of(QuantilesSketch.ofSketches().toSketch(), List.of(large, small));
    assertThat(QuantilesSketch.rankError(both), is(QuantilesSketch.rankError(small)));
    byte[] alone = Combined.of(QuantilesSketch.ofSketches().toSketch(), List.of(large));
    assertThat(QuantilesSketch.rankError(alone), is(QuantilesSketch.rankError(large)));
  }

  @Test
  void noValuesHaveNoQuantile() {
    List<Double> none = List.of();
    byte[] empty = Combined.of(QuantilesSketch.<Double>ofNumbers().toSketch(), none);
    assertThat(QuantilesSketch.quantile(empty, 0.5), is(notANumber()));
    assertThat(QuantilesSketch.rank(empty, 0.5), is(notANumber()));
    assertThat(
        Combined.of(QuantilesSketch.ofNumbers().toQuantiles(0.5, 0.9), none),
        is(List.of(Double.NaN, Double.NaN)));
    assertThat(
        Combined.of(QuantilesSketch.ofSketches().toSketch(), List.of(empty, empty)), is(empty));
  }

  @Test
  void sizeIsBounded() {
    byte[] sketch =
        Combined.of(QuantilesSketch.<Long>ofNumbers().toSketch(), Values.shuffled(0, 1_000_000));
    assertThat(sketch.length, is(lessThan(5200)));
  }

  @Test
  void formatStaysAsItIs() {
    assertThat(
        HexFormat.of()
            .formatHex(
                Combined.of(QuantilesSketch.<Double>ofNumbers().toSketch(), List.of(1.0, 2.0))),
        is(
            ("05010f00c8000800" + "0200000000000000" + "c8000100" + "c6000000")
                + ("000000000000f03f" + "0000000000000040")
                + ("0000000000000040" + "000000000000f03f")));
  }

  @Test
  void otherBytesAndRanksAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> QuantilesSketch.quantile(new byte[] {1, 2, 3}, 0.5));
    assertThat(refused.getMessage(), containsString("3 bytes are no quantiles (KLL) sketch"));
    assertThrows(IllegalArgumentException.class, () -> QuantilesSketch.ofNumbers().toQuantile(1.1));
    assertThrows(
        IllegalArgumentException.class, () -> QuantilesSketch.ofNumbers().toQuantiles(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> QuantilesSketch.ofNumbers().withK(7));
  }
}
