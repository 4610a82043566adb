package io.millrace.transforms.sketch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a state holds of sketches, and that a sketch in it stays as it is when it is used. */
class SketchCoderTest {
  static Stream<CombineFn<Long, ?, byte[]>> sketches() {
    return Stream.of(
        DistinctSketch.ofLongs().toSketch(),
        ThetaSketch.ofLongs().toSketch(),
        QuantilesSketch.<Long>ofNumbers().toSketch(),
        FrequentItemsSketch.ofLongs().toSketch());
  }

  @ParameterizedTest
  @MethodSource("sketches")
  <S> void stateIsALengthAVersionAndTheSketch(CombineFn<Long, S, byte[]> combine) {
    S accumulator = combine.addInput(combine.createAccumulator(), 5L);
    byte[] sketch = combine.extractOutput(accumulator);
    assertThat(
        HexFormat.of().formatHex(Combined.encode(combine, accumulator)),
        is("%02x01%s".formatted(sketch.length + 1, HexFormat.of().formatHex(sketch))));
  }

  @ParameterizedTest
  @MethodSource("sketches")
  <S> void extractingAndMergingLeaveSketchesAsTheyAre(CombineFn<Long, S, byte[]> combine) {
    S one = filled(combine, 0, 3000);
    S other = filled(combine, 2000, 9000);
    byte[] bytes = Combined.encode(combine, other);
    byte[] extracted = combine.extractOutput(other);
    byte[] kept = extracted.clone();
    S merged = combine.mergeAccumulators(List.of(combine.createAccumulator(), one, other));
    combine.addInput(merged, -1L);
    assertThat(Combined.encode(combine, other), is(bytes));
    combine.addInput(other, -2L);
    assertThat(extracted, is(kept));
  }

  @ParameterizedTest
  @MethodSource("sketches")
  <S> void codersAreSerializable(CombineFn<Long, S, byte[]> combine) {
    CoderProperties.coderSerializable(Combined.coder(combine));
  }

  @Test
  void newerVersionIsRefused() {
    CombineFn<Long, ?, byte[]> combine = DistinctSketch.ofLongs().toSketch();
    CoderException refused =
        assertThrows(
            CoderException.class,
            () ->
                CoderUtils.decodeFromByteArray(
                    Combined.coder(combine), HexFormat.of().parseHex("020201070c030c0000")));
    assertThat(refused.getMessage(), containsString("version 2"));
  }

  private static <S> S filled(CombineFn<Long, S, byte[]> combine, long from, long to) {
    S accumulator = combine.createAccumulator();
    for (long value : Values.shuffled(from, to)) {
      accumulator = combine.addInput(accumulator, value);
    }
    return accumulator;
  }
}
