package io.millrace.transforms.sketch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;

class FrequentItemsSketchTest {
  private static final int MAP_SIZE = 256;

  /** Item i comes about 20,000 / (i + 1) times: Zipf's law, 100,000 items. */
  private static List<Long> skewed() {
    List<Long> items = new ArrayList<>();
    for (long item = 0; item < 100_000; item++) {
      for (long i = 0; i < 20_000 / (item + 1) + 1; i++) {
        items.add(item);
      }
    }
    Collections.shuffle(items, new Random(7));
    return items;
  }

  @Test
  void boundsHoldAndNoFrequentItemIsMissed() {
    List<Long> items = skewed();
    Map<Long, Long> counts = new HashMap<>();
    items.forEach(item -> counts.merge(item, 1L, Long::sum));
    double error = 3.5 / MAP_SIZE * items.size();
    byte[] sketch =
        Combined.inParts(
            FrequentItemsSketch.ofLongs().withMaxMapSize(MAP_SIZE).toSketch(),
            items,
            5,
            new Random(1));
    List<Frequency<Long>> top = FrequentItemsSketch.topLongs(sketch, MAP_SIZE);
    for (Frequency<Long> frequency : top) {
      long count = counts.get(frequency.item());
      assertThat(frequency.lowerBound(), is(lessThanOrEqualTo(count)));
      assertThat(count, is(lessThanOrEqualTo(frequency.upperBound())));
      assertThat(frequency.estimate(), is(frequency.upperBound()));
      assertThat((double) frequency.upperBound() - frequency.lowerBound(), is(lessThan(error)));
    }
    Long[] frequent =
        counts.keySet().stream().filter(item -> counts.get(item) > error).toArray(Long[]::new);
    assertThat(frequent.length, is(greaterThan(3)));
    assertThat(top.stream().map(Frequency::item).toList(), hasItems(frequent));
    assertThat(sketch.length, is(lessThan(40 + MAP_SIZE * 12)));
  }

  @Test
  void fewItemsAreCountedExactlyTheMostFrequentFirst() {
    List<String> items = Arrays.asList("c", "b", "a", "b", null, "", "a", "b");
    List<Frequency<String>> expected =
        List.of(exact("b", 3), exact("a", 2), exact("", 1), exact("c", 1));
    assertThat(Combined.of(FrequentItemsSketch.ofTexts().toTop(10), items), is(expected));
    assertThat(
        Combined.inParts(FrequentItemsSketch.ofTexts().toTop(2), items, 3, new Random(2)),
        is(expected.subList(0, 2)));
  }

  @Test
  void weightsAreAddedUp() {
    List<KV<String, Long>> weighted =
        List.of(KV.of("a", 5L), KV.of("b", 7L), KV.of("a", 4L), KV.of("c", 0L));
    assertThat(
        Combined.of(FrequentItemsSketch.ofWeightedTexts().toTop(3), weighted),
        is(List.of(exact("a", 9), exact("b", 7))));
    assertThat(
        Combined.of(FrequentItemsSketch.ofWeightedLongs().toTop(3), List.of(KV.of(1L, 2L))),
        is(List.of(exact(1L, 2))));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Combined.of(
                    FrequentItemsSketch.ofWeightedTexts().toTop(3), List.of(KV.of("x", -1L))));
    assertThat(refused.getMessage(), containsString("got -1 for x"));
  }

  @Test
  void mergedSketchesAddUp() {
    var combine = FrequentItemsSketch.ofTexts().toSketch();
    byte[] one = Combined.of(combine, List.of("a", "b"));
    byte[] other = Combined.of(combine, List.of("b", "c", "b"));
    byte[] none = Combined.of(combine, List.of());
    byte[] merged =
        Combined.of(FrequentItemsSketch.ofSketchesOfTexts().toSketch(), List.of(none, one, other));
    assertThat(
        FrequentItemsSketch.topTexts(merged, 5),
        is(List.of(exact("b", 3), exact("a", 1), exact("c", 1))));
    byte[] numbers = Combined.of(FrequentItemsSketch.ofLongs().toSketch(), List.of(4L, 4L));
    assertThat(
        Combined.of(FrequentItemsSketch.ofSketchesOfLongs().toTop(1), List.of(numbers, numbers)),
        is(List.of(exact(4L, 4))));
  }

  @Test
  void mergedSketchesKeepTheirSize() {
    List<Long> items = skewed().subList(0, 50_000);
    byte[] large =
        Combined.of(FrequentItemsSketch.ofLongs().withMaxMapSize(4096).toSketch(), items);
    List<byte[]> alone = List.of(large);
    int kept = FrequentItemsSketch.topLongs(large, 10_000).size();
    assertThat(
        Combined.of(FrequentItemsSketch.ofSketchesOfLongs().toTop(10_000), alone).size(), is(kept));
  }

  @Test
  void formatStaysAsItIs() {
    assertThat(
        HexFormat.of()
            .formatHex(
                Combined.of(
                    FrequentItemsSketch.ofTexts().withMaxMapSize(64).toSketch(),
                    List.of("a", "b", "a", "a"))),
        is(
            ("04010a0603000000" + "0200000000000000" + "0400000000000000" + "0000000000000000")
                + ("0100000000000000" + "0300000000000000")
                + ("0100000062" + "0100000061")));
  }

  @Test
  void frequenciesHaveACoder() throws Exception {
    FrequencyCoder<String> coder = FrequencyCoder.of(StringUtf8Coder.of());
    Frequency<String> frequency = new Frequency<>("a", 300, 299, 301);
    CoderProperties.coderDecodeEncodeEqual(coder, frequency);
    CoderProperties.coderSerializable(coder);
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, frequency)),
        is("01" + "0161" + "ac02" + "ab02" + "ad02"));
  }

  @Test
  void otherBytesAndSizesAreRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> FrequentItemsSketch.topTexts(new byte[] {1, 2, 3}, 1));
    assertThat(refused.getMessage(), containsString("3 bytes are no frequent items sketch"));
    assertThrows(
        IllegalArgumentException.class, () -> FrequentItemsSketch.ofTexts().withMaxMapSize(100));
    assertThrows(IllegalArgumentException.class, () -> FrequentItemsSketch.ofTexts().toTop(0));
  }

  private static <T> Frequency<T> exact(T item, long count) {
    return new Frequency<>(item, count, count, count);
  }
}
