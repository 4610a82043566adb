package io.millrace.transforms.sketch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThetaSketchTest {

  @ParameterizedTest
  @CsvSource({"5, 200000", "10, 100000", "12, 20000", "12, 500000"})
  void estimatesAreWithinThreeStandardErrors(int lgK, int distinct) {
    List<Long> values = Values.shuffled(0, distinct);
    byte[] sketch =
        Combined.inParts(ThetaSketch.ofLongs().withLgK(lgK).toSketch(), values, 5, new Random(lgK));
    double error = 3 / Math.sqrt((1 << lgK) - 1);
    assertThat((double) ThetaSketch.estimate(sketch), closeTo(distinct, error * distinct));
    assertThat(
        (double) distinct,
        both(greaterThan(ThetaSketch.lowerBound(sketch, 3)))
            .and(lessThan(ThetaSketch.upperBound(sketch, 3))));
    assertThat(
        Combined.of(ThetaSketch.ofLongs().withLgK(lgK).toEstimate(), values),
        is(ThetaSketch.estimate(sketch)));
  }

  @Test
  void upToKValuesAreCountedExactly() {
    for (long distinct : new long[] {0, 1, 100, 4096}) {
      assertThat(
          Combined.of(ThetaSketch.ofLongs().toEstimate(), Values.shuffled(0, distinct)),
          is(distinct));
    }
  }

  @Property(tries = 100)
  void theSketchIsAFunctionOfTheSet(
      @ForAll @IntRange(min = 0, max = 5000) int distinct,
      @ForAll @IntRange(min = 4, max = 11) int lgK,
      @ForAll @IntRange(min = 1, max = 6) int parts,
      @ForAll Random random) {
    List<Long> values = new ArrayList<>(Values.shuffled(0, distinct));
    var combine = ThetaSketch.ofLongs().withLgK(lgK).toSketch();
    byte[] expected = Combined.of(combine, values);
    values.addAll(values.subList(0, values.size() / 2));
    Collections.shuffle(values, random);
    assertThat(Combined.inParts(combine, values, parts, random), is(expected));
  }

  @Test
  void setsAreUnitedIntersectedAndTakenFromEachOther() {
    byte[] one = sketch(0, 100_000);
    byte[] other = sketch(60_000, 150_000);
    byte[] third = sketch(80_000, 500_000);
    expect(ThetaSketch.union(one, other), 150_000);
    expect(ThetaSketch.intersection(one, other), 40_000);
    expect(ThetaSketch.intersection(one, other, third), 20_000);
    expect(ThetaSketch.difference(one, other), 60_000);
    expect(ThetaSketch.union(ThetaSketch.difference(one, other), third), 480_000);
  }

  /** The sketches tell themselves how exact they are. */
  private static void expect(byte[] sketch, int expected) {
    double lower = ThetaSketch.lowerBound(sketch, 3);
    double upper = ThetaSketch.upperBound(sketch, 3);
    assertThat((double) expected, both(greaterThan(lower)).and(lessThan(upper)));
    assertThat((upper - lower) / expected, lessThan(0.5));
    assertThat((double) ThetaSketch.estimate(sketch), closeTo(expected, upper - lower));
  }

  @Test
  void smallSetsAreSetAgainstEachOtherExactly() {
    byte[] one = Combined.of(ThetaSketch.ofTexts().toSketch(), List.of("a", "b", "c", ""));
    byte[] other = Combined.of(ThetaSketch.ofTexts().toSketch(), List.of("b", "", "d"));
    byte[] none = Combined.of(ThetaSketch.ofTexts().toSketch(), List.of());
    assertThat(ThetaSketch.estimate(ThetaSketch.union(one, other)), is(5L));
    assertThat(ThetaSketch.estimate(ThetaSketch.intersection(one, other)), is(2L));
    assertThat(ThetaSketch.estimate(ThetaSketch.difference(one, other)), is(2L));
    assertThat(ThetaSketch.estimate(ThetaSketch.difference(none, other)), is(0L));
    assertThat(ThetaSketch.estimate(ThetaSketch.intersection(one, none)), is(0L));
    assertThat(ThetaSketch.estimate(ThetaSketch.union()), is(0L));
  }

  @Test
  void mergedSketchesAreTheSketchOfAllValues() {
    List<byte[]> sketches = List.of(sketch(0, 60_000), sketch(40_000, 100_000), sketch(5, 10));
    byte[] all = sketch(0, 100_000);
    assertThat(
        Combined.inParts(ThetaSketch.ofSketches().toSketch(), sketches, 3, new Random(1)), is(all));
    assertThat(ThetaSketch.union(sketches.toArray(byte[][]::new)), is(all));
  }

  @Test
  void nullIsNoValue() {
    List<String> texts = Arrays.asList("", "a", null, "");
    assertThat(Combined.of(ThetaSketch.ofTexts().toEstimate(), texts), is(2L));
  }

  @Test
  void sizeIsBounded() {
    assertThat(sketch(0, 300_000).length, is(8 * (4096 + 3)));
    assertThat(sketch(0, 0).length, is(8));
  }

  @Test
  void formatStaysAsItIs() {
    assertThat(
        HexFormat.of()
            .formatHex(
                Combined.of(ThetaSketch.ofLongs().withLgK(4).toSketch(), Values.shuffled(0, 3))),
        is(
            ("02030300001acc93" + "030000000000803f")
                + ("15f97dcbbd86a105" + "c397fc1281709d1e" + "e56b61eec8804420")));
  }

  @Test
  void otherBytesAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> ThetaSketch.estimate(new byte[] {1, 2, 3}));
    assertThat(refused.getMessage(), containsString("3 bytes are no theta sketch"));
    byte[] cut = Arrays.copyOf(sketch(0, 1000), 800);
    assertThrows(IllegalArgumentException.class, () -> ThetaSketch.union(cut));
    assertThrows(IllegalArgumentException.class, () -> ThetaSketch.ofLongs().withLgK(3));
  }

  private static byte[] sketch(long from, long to) {
    return Combined.of(ThetaSketch.ofLongs().toSketch(), Values.shuffled(from, to));
  }
}
