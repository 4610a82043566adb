package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StoredZSetTest {
  private static final HexFormat HEX = HexFormat.of();

  private final MemoryState state = new MemoryState();

  private StoredZSet set(String name) {
    return new StoredZSet(state.map(), name);
  }

  private static Map<String, Long> content(StoredZSet set) {
    Map<String, Long> content = new TreeMap<>();
    set.forEach((element, weight) -> assertThat(element, content.put(element, weight) == null));
    return content;
  }

  /** So many elements of 40 bytes. */
  private static Map<String, Long> many(int count) {
    Map<String, Long> elements = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      elements.put("%040d".formatted(i), 1L);
    }
    return elements;
  }

  /** Of three names, of which each begins with the one before, in one state. */
  @Property(tries = 200)
  void setsAreWhatTheirChangesSumUpTo(@ForAll long seed) {
    Random random = new Random(seed);
    MemoryState shared = new MemoryState();
    List<String> names = List.of("", "n", "n\0\0\0\1");
    Map<String, Map<String, Long>> expected = new HashMap<>();
    int most = 1 << random.nextInt(9);
    for (int step = 0; step < 40; step++) {
      String name = names.get(random.nextInt(names.size()));
      Map<String, Long> sum = expected.computeIfAbsent(name, none -> new TreeMap<>());
      Map<String, Long> deltas = deltas(random, sum, most);
      new StoredZSet(shared.map(), name).add(deltas);
      deltas.forEach((element, weight) -> sum.merge(element, weight, Delta::sum));
      for (String each : names) {
        StoredZSet read = new StoredZSet(shared.map(), each);
        Map<String, Long> elements = expected.getOrDefault(each, Map.of());
        assertThat(content(read), is(elements));
        assertThat(read.isEmpty(), is(elements.isEmpty()));
        deltas.keySet().forEach(key -> weighs(read, key, elements.getOrDefault(key, 0L)));
      }
    }
    expected.forEach(
        (name, elements) -> {
          Map<String, Long> less = new HashMap<>();
          elements.forEach((element, weight) -> less.put(element, -weight));
          new StoredZSet(shared.map(), name).add(less);
        });
    assertThat(shared.entries(), is(anEmptyMap()));
  }

  private static void weighs(StoredZSet set, String element, long weight) {
    assertThat(set.weight(element), is(weight));
  }

  /** Some of what is there goes, all of it now and then, and up to so many others come. */
  private static Map<String, Long> deltas(Random random, Map<String, Long> present, int most) {
    Map<String, Long> deltas = new HashMap<>();
    int share = 1 + random.nextInt(4);
    present.forEach(
        (element, weight) -> {
          if (random.nextInt(share) == 0) {
            deltas.put(element, random.nextInt(4) == 0 ? 1 - weight : -weight);
          }
        });
    for (int i = random.nextInt(most); i > 0; i--) {
      byte[] element = new byte[random.nextInt(60)];
      random.nextBytes(element);
      deltas.merge(Delta.text(element), random.nextInt(5) - 2L, Delta::sum);
    }
    deltas.values().removeIf(weight -> weight == 0);
    return deltas;
  }

  @Test
  void aLargeSetIsInChunksAndASmallOneIsNot() {
    set("n").add(many(100));
    assertThat(state.entries().size(), is(1));
    set("n").add(many(20_000));
    assertThat(state.entries().size(), is(greaterThan(150)));
    state.entries().values().forEach(entry -> assertThat(entry.length, is(lessThan(9_000))));
    assertThat(set("n").weight("%040d".formatted(99)), is(2L));
    Map<String, Long> less = many(19_950);
    less.replaceAll((element, weight) -> -set("n").weight(element));
    set("n").add(less);
    assertThat(state.entries().size(), is(1));
    assertThat(content(set("n")).size(), is(50));
  }

  @Test
  void aChangeOfALargeSetRewritesOneChunk() {
    set("n").add(many(20_000));
    Map<String, byte[]> before = state.entries();
    set("n").add(Map.of("%040d".formatted(7), 1L));
    Map<String, byte[]> after = state.entries();
    assertThat(after.keySet(), is(before.keySet()));
    assertThat(
        after.keySet().stream()
            .filter(key -> !Arrays.equals(after.get(key), before.get(key)))
            .count(),
        is(1L));
  }

  @Test
  void weightsThatCancelLeaveNothing() {
    set("n").add(Map.of("a", -2L, "b", 1L));
    assertThat(content(set("n")), is(Map.of("a", -2L, "b", 1L)));
    set("n").add(Map.of("a", 2L));
    assertThat(set("n").weight("a"), is(0L));
    set("n").add(Map.of("b", -1L));
    assertThat(state.entries(), is(anEmptyMap()));
    assertThat(set("n").isEmpty(), is(true));
  }

  @Test
  void isWrittenAsItAlwaysWas() {
    set("n").add(Map.of("a\u00ff", -2L));
    assertThat(
        HEX.formatHex(state.entries().get("hn")), is("01" + "00" + "01" + "02" + "0302" + "61ff"));
    String large = "v".repeat(4096);
    set("n").add(Map.of(large, 300L));
    assertThat(HEX.formatHex(state.entries().get("hn")), is("01" + "02" + "02" + "8220"));
    assertThat(state.entries().keySet(), equalTo(Set.of("hn", "c\0\0\0\0n", "c\0\0\0\1n")));
    assertThat(HEX.formatHex(state.entries().get("c\0\0\0\1n")), is("0302" + "61ff"));
    assertThat(
        HEX.formatHex(state.entries().get("c\0\0\0\0n")), is("d804" + "8020" + "76".repeat(4096)));
  }

  @Test
  void anotherVersionIsRefused() {
    state.map().put("hn", new byte[] {2, 0, 0, 0});
    assertThat(
        assertThrows(IllegalStateException.class, () -> set("n")).getMessage(),
        containsString("version 2"));
  }
}
