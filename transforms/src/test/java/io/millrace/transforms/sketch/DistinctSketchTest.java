package io.millrace.transforms.sketch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.datasketches.hll.HllSketch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DistinctSketchTest {

  @ParameterizedTest
  @CsvSource({"4, 200000", "10, 1000", "10, 100000", "12, 20000", "12, 500000", "14, 300000"})
  void estimatesAreWithinThreeStandardErrors(int lgK, int distinct) {
    List<Long> twice = Values.shuffled(0, distinct);
    twice.addAll(Values.shuffled(0, distinct));
    byte[] sketch =
        Combined.inParts(
            DistinctSketch.ofLongs().withLgK(lgK).toSketch(), twice, 5, new Random(lgK));
    double error = 3 * 1.04 / Math.sqrt(1 << lgK);
    assertThat((double) DistinctSketch.estimate(sketch), closeTo(distinct, error * distinct));
    assertThat(
        (double) distinct,
        both(greaterThan(DistinctSketch.lowerBound(sketch, 3)))
            .and(lessThan(DistinctSketch.upperBound(sketch, 3))));
    assertThat(
        Combined.of(DistinctSketch.ofLongs().withLgK(lgK).toEstimate(), twice),
        is(DistinctSketch.estimate(sketch)));
  }

  @Test
  void fewValuesAreCountedExactly() {
    for (long distinct : new long[] {0, 1, 8, 9, 100, 300}) {
      assertThat(
          Combined.of(DistinctSketch.ofLongs().toEstimate(), Values.shuffled(0, distinct)),
          is(distinct));
    }
  }

  @Property(tries = 100)
  void theSketchIsAFunctionOfTheSet(
      @ForAll @IntRange(min = 0, max = 5000) int distinct,
      @ForAll @IntRange(min = 4, max = 12) int lgK,
      @ForAll @IntRange(min = 1, max = 6) int parts,
      @ForAll Random random) {
    List<Long> values = new ArrayList<>(Values.shuffled(0, distinct));
    var combine = DistinctSketch.ofLongs().withLgK(lgK).toSketch();
    byte[] expected = Combined.of(combine, values);
    values.addAll(values.subList(0, values.size() / 2));
    Collections.shuffle(values, random);
    assertThat(Combined.inParts(combine, values, parts, random), is(expected));
  }

  @Test
  void mergedSketchesAreTheSketchOfAllValues() {
    var combine = DistinctSketch.ofLongs().toSketch();
    byte[] one = Combined.of(combine, Values.shuffled(0, 60_000));
    byte[] other = Combined.of(combine, Values.shuffled(40_000, 120_000));
    byte[] few = Combined.of(combine, Values.shuffled(119_990, 120_010));
    byte[] all = Combined.of(combine, Values.shuffled(0, 120_010));
    List<byte[]> sketches = List.of(one, other, few);
    assertThat(Combined.of(DistinctSketch.ofSketches().toSketch(), sketches), is(all));
    assertThat(
        Combined.inParts(DistinctSketch.ofSketches().toSketch(), sketches, 3, new Random(1)),
        is(all));
    assertThat(
        Combined.of(DistinctSketch.ofSketches().toEstimate(), sketches),
        is(DistinctSketch.estimate(all)));
  }

  @Property(tries = 50)
  void theSmallestSizeOfMergedSketchesWins(@ForAll Random random) {
    List<Long> values = Values.shuffled(0, 20_000);
    List<byte[]> sketches = new ArrayList<>();
    for (int lgK : new int[] {14, 10, 12}) {
      sketches.add(Combined.of(DistinctSketch.ofLongs().withLgK(lgK).toSketch(), values));
    }
    sketches.add(Combined.of(DistinctSketch.ofLongs().withLgK(4).toSketch(), List.of()));
    Collections.shuffle(sketches, random);
    assertThat(
        Combined.inParts(DistinctSketch.ofSketches().toSketch(), sketches, 2, random),
        is(Combined.of(DistinctSketch.ofLongs().withLgK(10).toSketch(), values)));
    assertThat(
        Combined.of(DistinctSketch.ofSketches().withLgK(8).toSketch(), sketches),
        is(Combined.of(DistinctSketch.ofLongs().withLgK(8).toSketch(), values)));
  }

  @Test
  void emptyTextIsAValueAndNullIsNone() {
    List<String> texts = Arrays.asList("", "a", null, "");
    assertThat(Combined.of(DistinctSketch.ofTexts().toEstimate(), texts), is(2L));
    assertThat(
        Combined.of(DistinctSketch.ofBytes().toEstimate(), List.of(new byte[0], new byte[1])),
        is(2L));
  }

  @Test
  void textIsHashedAsUtf8() {
    assertThat(
        Combined.of(DistinctSketch.ofTexts().toSketch(), List.of("grün")),
        is(
            Combined.of(
                DistinctSketch.ofBytes().toSketch(),
                List.of("grün".getBytes(StandardCharsets.UTF_8)))));
  }

  @Test
  void anyValuesAreCountedByTheirBytes() {
    assertThat(
        Combined.of(
            DistinctSketch.ofValues(StringUtf8Coder.of()).toEstimate(), List.of("", "a", "a")),
        is(2L));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> DistinctSketch.ofValues(DoubleCoder.of()))
            .getMessage(),
        containsString("DoubleCoder"));
  }

  @Test
  void sizeIsBounded() {
    byte[] sketch = Combined.of(DistinctSketch.ofLongs().toSketch(), Values.shuffled(0, 1_000_000));
    assertThat(sketch.length, is(lessThanOrEqualTo(2200)));
    assertThat(Combined.of(DistinctSketch.ofLongs().toSketch(), List.of()).length, is(8));
    assertThat(Combined.of(DistinctSketch.ofLongs().toSketch(), List.of(1L, 2L)).length, is(16));
  }

  @Test
  void formatStaysAsItIs() {
    assertThat(
        hex(DistinctSketch.ofTexts().toSketch(), List.of("b", "a", "")),
        is("0201070c03080300" + "2f823b04" + "0aff8004" + "fb243e06"));
    assertThat(
        hex(DistinctSketch.ofLongs().withLgK(4).toSketch(), Values.shuffled(0, 100)),
        is(
            ("0a01070400180202" + "0000000000000000" + "000000000000fb3f" + "0000000000000000")
                + ("0300000000000000" + "0251214121031025")));
  }

  @Test
  void otherProgramsReadWhatIsWritten() {
    byte[] sketch = Combined.of(DistinctSketch.ofLongs().toSketch(), Values.shuffled(0, 100_000));
    assertThat(
        Math.round(HllSketch.heapify(sketch).getEstimate()), is(DistinctSketch.estimate(sketch)));
    HllSketch another = new HllSketch(12);
    Values.shuffled(0, 100_000).forEach(another::update);
    assertThat(
        Combined.of(DistinctSketch.ofSketches().toSketch(), List.of(another.toCompactByteArray())),
        is(sketch));
  }

  @Test
  void otherBytesAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> DistinctSketch.estimate(new byte[] {1, 2, 3}));
    assertThat(refused.getMessage(), containsString("3 bytes are no distinct (HLL) sketch"));
    byte[] sketch = Combined.of(DistinctSketch.ofLongs().toSketch(), Values.shuffled(0, 1000));
    assertThrows(
        IllegalArgumentException.class,
        () -> DistinctSketch.estimate(Arrays.copyOf(sketch, sketch.length - 1)));
    assertThrows(IllegalArgumentException.class, () -> DistinctSketch.ofLongs().withLgK(22));
  }

  @ParameterizedTest
  @EnumSource
  void pipelinesCombineAndMerge(TestRunner runner) {
    List<KV<String, Long>> values = new ArrayList<>();
    for (long i = 0; i < 3000; i++) {
      values.add(KV.of(i % 2 == 0 ? "even" : "odd", i / 4));
    }
    long expected = Combined.of(DistinctSketch.ofLongs().toEstimate(), Values.shuffled(0, 750));
    TestPipeline pipeline = runner.pipeline();
    PAssert.that(
            pipeline
                .apply(Create.of(values))
                .apply("Sketch", Combine.perKey(DistinctSketch.ofLongs().toSketch()))
                .apply("Merge", Combine.perKey(DistinctSketch.ofSketches().toEstimate())))
        .containsInAnyOrder(List.of(KV.of("even", expected), KV.of("odd", expected)));
    pipeline.run();
  }

  private static <T> String hex(CombineFn<T, ?, byte[]> combine, List<T> values) {
    return HexFormat.of().formatHex(Combined.of(combine, values));
  }
}
