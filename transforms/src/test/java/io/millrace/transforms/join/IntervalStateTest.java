package io.millrace.transforms.join;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.join.IntervalWaiting.Waiter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.runners.core.InMemoryStateInternals;
import org.apache.beam.runners.core.StateNamespaces;
import org.apache.beam.runners.core.StateTags;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What a join keeps: in which bytes, how many, and for how long. */
class IntervalStateTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final long SECOND = 1000;

  private final InMemoryStateInternals<String> state = InMemoryStateInternals.forKey("bucket");
  private final MapState<String, byte[]> slices = map("slices");
  private final MapState<String, byte[]> chunks = map("chunks");

  private MapState<String, byte[]> map(String name) {
    return state.state(
        StateNamespaces.global(), StateTags.map(name, StringUtf8Coder.of(), ByteArrayCoder.of()));
  }

  private static IntervalArrival arrival(long time, String value, String id) {
    byte[] bytes = value.getBytes(UTF_8);
    return new IntervalArrival(
        time, bytes, 0, bytes.length, id == null ? null : id.getBytes(UTF_8));
  }

  @Test
  void slicesAreWrittenAsTheyAlwaysWere() {
    IntervalSlice slice = new IntervalSlice("n", 5000, true, null, chunks);
    slice.append(arrival(5001, "ab", "7"), true);
    slice.append(arrival(5200, "c", ""), false);
    String golden = "01" + "00" + "02" + ("02" + "0137" + "026162") + ("9103" + "00" + "0163");
    assertThat(HEX.formatHex(slice.encode()), is(golden));
    slice.append(arrival(5300, "v".repeat(8192), ""), true);
    slice.append(arrival(5301, "d", "8"), true);
    String head = "01" + "01" + ("01" + "ac02" + "02") + "ae02" + ("da04" + "0138" + "0164");
    assertThat(HEX.formatHex(slice.encode()), is(head));
    IntervalSlice read = new IntervalSlice("n", 5000, true, HEX.parseHex(head), chunks);
    List<String> kept = new ArrayList<>();
    read.visit(5000, 5999, element -> kept.add(text(element)) && element.time() == 5001);
    assertThat(kept, is(List.of("5001 ab", "5200 c", "5300 vv", "5301 d")));
    assertThat(read.waited(), is(5001L));
    assertThat(read.waiting(), is(5300L));
    assertThat(HEX.formatHex(read.encode()), is(head.replace("ac0202", "ac02ad02")));
  }

  private static String text(IntervalElement element) {
    String value = new String(element.buffer(), element.offset(), element.length(), UTF_8);
    return element.time() + " " + value.substring(0, Math.min(2, value.length()));
  }

  @Test
  void aSliceOfALaterVersionIsRefused() {
    assertThat(
        assertThrows(
                IllegalStateException.class,
                () -> new IntervalSlice("n", 0, false, new byte[] {2}, chunks))
            .getMessage(),
        containsString("version 2 is newer"));
  }

  @Test
  void namesOfSlicesAreAsTheyAlwaysWere() {
    String name = new IntervalSliceName(IntervalSide.RIGHT, -2, "k\u00ff").text();
    assertThat(HEX.formatHex(name.getBytes(ISO_8859_1)), is("02" + "fffffffffffffffe" + "6bff"));
    assertThat(
        HEX.formatHex(IntervalSliceName.chunk(name, 258).getBytes(ISO_8859_1)),
        is("02" + "fffffffffffffffe" + "6bff" + "00000102"));
    assertThat(
        IntervalSliceName.parse(name),
        is(new IntervalSliceName(IntervalSide.RIGHT, -2, "k\u00ff")));
  }

  @Test
  void whatWaitsIsWrittenAsItAlwaysWas() throws Exception {
    IntervalWaiting waiting =
        new IntervalWaiting(3, 64, -1, List.of(new Waiter(5, "a"), new Waiter(9, "bc")), List.of());
    check(
        new IntervalWaitingCoder(),
        waiting,
        "0e" + "01" + "06" + "8001" + "01" + ("02" + "0a" + "0161" + "08" + "026263") + "00");
    check(new IntervalWaitingCoder(), IntervalWaiting.NONE.passed(1), null);
    assertThrows(
        CoderException.class,
        () -> CoderUtils.decodeFromByteArray(new IntervalWaitingCoder(), HEX.parseHex("0102")));
  }

  @Test
  void pairsAreWrittenAsTheyAlwaysWere() throws Exception {
    JoinedCoder<String, String> coder = JoinedCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
    String time = "8000000000000007";
    check(
        coder,
        Joined.of("a", Instant.ofEpochMilli(7), "b", Instant.ofEpochMilli(7)),
        "01" + "03" + time + "0161" + time + "0162");
    check(coder, Joined.leftOnly("a", Instant.ofEpochMilli(7)), "01" + "01" + time + "0161");
    check(coder, Joined.rightOnly("b", Instant.ofEpochMilli(7)), "01" + "02" + time + "0162");
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, HEX.parseHex("0203")));
    CoderProperties.coderSerializable(coder);
  }

  private static <T> void check(Coder<T> coder, T value, String golden) throws CoderException {
    byte[] written = CoderUtils.encodeToByteArray(coder, value);
    if (golden != null) {
      assertThat(HEX.formatHex(written), is(golden));
    }
    assertThat(CoderUtils.decodeFromByteArray(coder, written), is(value));
  }

  /** A runner's watermark may begin anew after a restart. */
  @Test
  void whatWasSaidOrFreedIsSoWhateverTheWatermarkIsThen() {
    IntervalRules rules =
        new IntervalRules(
            IntervalSpan.difference(SECOND, SECOND), IntervalKind.LEFT_OUTER, 0, true);
    Silent out = new Silent();
    IntervalBucket before =
        new IntervalBucket(rules, slices, chunks, IntervalWaiting.NONE, 5000, out);
    before.add("k", IntervalSide.LEFT, List.of(arrival(5000, "a", "1"), arrival(5500, "b", "2")));
    IntervalBucket saying = new IntervalBucket(rules, slices, chunks, before.waiting(), 6001, out);
    saying.sayUnmatched();
    assertThat(out.unmatched, is(1L));
    assertThat(saying.waiting().watermark(), is(6001L));
    assertThat(saying.waiting().left().size(), is(1));
    IntervalBucket after = new IntervalBucket(rules, slices, chunks, saying.waiting(), 6001, out);
    after.add("k", IntervalSide.LEFT, List.of(arrival(5000, "a", "1"), arrival(6100, "c", "3")));
    assertThat(after.repeated(), is(1L));
    IntervalBucket end = new IntervalBucket(rules, slices, chunks, after.waiting(), 9000, out);
    end.sayUnmatched();
    assertThat(out.unmatched, is(3L));
    end.free();
    assertThat(bytes(), is(0L));
    assertThat(end.waiting().watermark(), is(9000L));
    assertThat(end.waiting().earliest(), is(IntervalSlice.NONE));
  }

  @Test
  void whatWaitsIsInOrderOfTime() {
    Random random = new Random(7);
    List<Waiter> expected = new ArrayList<>();
    IntervalWaiting waiting = IntervalWaiting.NONE;
    for (int i = 0; i < 300; i++) {
      Collections.shuffle(expected, random);
      int going = Math.min(expected.size(), random.nextInt(4));
      List<Waiter> gone = new ArrayList<>(expected.subList(0, going));
      expected.subList(0, going).clear();
      List<Waiter> come = new ArrayList<>();
      for (int j = random.nextInt(5); j > 0; j--) {
        come.add(new Waiter(random.nextInt(50), i + "-" + j));
      }
      expected.addAll(come);
      waiting = waiting.with(IntervalSide.RIGHT, gone, come);
    }
    expected.sort(Comparator.comparingLong(Waiter::time).thenComparing(Waiter::name));
    assertThat(waiting.right(), is(expected));
    assertThat(waiting.left(), is(List.of()));
  }

  /** Ten elements a second of each of 100 keys, for ten minutes; an interval of 10 s. */
  @Test
  void stateStaysWithinItsBytesAndDoesNotGrowWithTime() {
    IntervalRules rules =
        new IntervalRules(
            IntervalSpan.difference(5 * SECOND, 5 * SECOND), IntervalKind.LEFT_OUTER, 0, false);
    Silent out = new Silent();
    IntervalWaiting waiting = IntervalWaiting.NONE;
    String value = "v".repeat(20);
    long most = 0;
    long mostInFirstMinute = 0;
    for (long now = 0; now < 600 * SECOND; now += SECOND) {
      for (IntervalSide side : IntervalSide.values()) {
        IntervalBucket bucket = new IntervalBucket(rules, slices, chunks, waiting, now, out);
        for (int key = 0; key < 100; key++) {
          List<IntervalArrival> arrivals = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            arrivals.add(arrival(now + i * 200L, value, null));
          }
          bucket.add("key" + key, side, arrivals);
        }
        bucket.sayUnmatched();
        waiting = bucket.waiting();
      }
      // As often as the timer has it: each slice's length.
      if (now % rules.span().sliceMillis() == 0) {
        new IntervalBucket(rules, slices, chunks, waiting, now, out).free();
      }
      most = Math.max(most, bytes());
      mostInFirstMinute = now < 60 * SECOND ? most : mostInFirstMinute;
    }
    // 5 s of the interval, two slices of 2.5 s, and the second that has just come.
    long elements = 11_000;
    long slicesOfKeys = 1_000;
    assertThat(out.pairs, is(greaterThan(1_000_000L)));
    assertThat(most, is(lessThanOrEqualTo(elements * (20 + 1 + 2) + slicesOfKeys * (5 + 25))));
    assertThat(most, is(greaterThan(elements * 20 / 2)));
    assertThat(most, is(mostInFirstMinute));
  }

  /** Half a million elements of one key: each packet rewrites a chunk, and reads what can join. */
  @Test
  void aHotKeyRewritesLittleAndReadsLittle() {
    IntervalRules rules =
        new IntervalRules(
            IntervalSpan.difference(SECOND, SECOND), IntervalKind.LEFT_OUTER, 3600 * SECOND, false);
    Silent out = new Silent();
    String value = "v".repeat(20);
    IntervalWaiting waiting = IntervalWaiting.NONE;
    for (int packet = 0; packet < 1000; packet++) {
      List<IntervalArrival> arrivals = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        arrivals.add(arrival(packet, value, null));
      }
      IntervalBucket bucket = new IntervalBucket(rules, slices, chunks, waiting, 0, out);
      bucket.add("hot", IntervalSide.LEFT, arrivals);
      waiting = bucket.waiting();
    }
    long written = 0;
    for (Map.Entry<String, byte[]> slice : slices.entries().read()) {
      written += slice.getValue().length;
    }
    assertThat(bytes(), is(greaterThan(500_000L * 22)));
    assertThat(written, is(lessThan(8 * 1024 + 1500 * 12L)));
    // Only the chunks of the last milliseconds, which the right one can join, are read.
    AtomicLong reads = new AtomicLong();
    IntervalBucket bucket = new IntervalBucket(rules, slices, counting(reads), waiting, 0, out);
    bucket.add("hot", IntervalSide.RIGHT, List.of(arrival(1990, value, null)));
    assertThat(out.pairs, is(10L * 500));
    assertThat(reads.get(), is(lessThan(2 + 5_000L * 24 / 8192)));
    assertThat(bucket.waiting().earliest(), is(0L));
  }

  /** The full chunks, with what is read counted. */
  @SuppressWarnings("unchecked")
  private MapState<String, byte[]> counting(AtomicLong calls) {
    return (MapState<String, byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MapState.class},
            (proxy, method, arguments) -> {
              calls.addAndGet(method.getName().equals("get") ? 1 : 0);
              return method.invoke(chunks, arguments);
            });
  }

  private long bytes() {
    long bytes = 0;
    for (MapState<String, byte[]> map : List.of(slices, chunks)) {
      for (Map.Entry<String, byte[]> entry : map.entries().read()) {
        bytes += entry.getKey().length() + entry.getValue().length;
      }
    }
    return bytes;
  }

  private static final class Silent implements IntervalOutput {
    private long pairs;
    private long unmatched;

    @Override
    public void pair(
        String key, IntervalSide side, IntervalArrival arrival, IntervalElements kept) {
      pairs++;
    }

    @Override
    public void unmatched(String key, IntervalSide side, IntervalElement element) {
      unmatched++;
    }
  }
}
