package io.millrace.transforms.block;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackByKeyTest {
  private static final KvCoder<String, String> CODER =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());

  @ParameterizedTest
  @EnumSource
  void everyElementIsInAPacketOfItsBucketThatIsNoYounger(TestRunner runner) {
    List<TimestampedValue<KV<String, String>>> elements = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String key = "key " + i % 50;
      String value = "v".repeat(100) + i;
      elements.add(
          TimestampedValue.of(KV.of(key, value), Instant.ofEpochMilli(Math.floorMod(-i, 97))));
      expected.add(key + value + "@" + Math.floorMod(-i, 97));
    }
    TestPipeline pipeline = runner.pipeline();
    PCollection<String> unpacked =
        pipeline
            .apply(Create.timestamped(elements).withCoder(CODER))
            .apply(PackByKey.into(3))
            .apply(ParDo.of(new UnpackFn()));
    PAssert.that(unpacked).containsInAnyOrder(expected);
    pipeline.run();
  }

  @Test
  void aKeyIsForEverInTheSameBucket() {
    byte[] key = {1, 2, 3};
    assertThat(Buckets.of(Buckets.hash(key, 0, 3), 256), is(178));
    assertThat(Buckets.of(-1, 7), is(5));
    assertThat(Buckets.of(0, 7), is(0));
  }

  @ParameterizedTest
  @EnumSource
  void elementsThatAreSpreadAllMeetWhatIsCopied(TestRunner runner) {
    List<KV<String, String>> facts = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      facts.add(KV.of("hot", "fact " + i));
    }
    List<KV<String, String>> rows = List.of(KV.of("hot", "row"));
    TestPipeline pipeline = runner.pipeline();
    PCollection<KV<Integer, byte[]>> spread =
        pipeline
            .apply("Facts", Create.of(facts).withCoder(CODER))
            .apply("Spread", PackByKey.<String, String>into(16).asSide(1).spreadOver(4));
    PCollection<KV<Integer, byte[]>> copied =
        pipeline
            .apply("Rows", Create.of(rows).withCoder(CODER))
            .apply("Copy", PackByKey.<String, String>into(16).asSide(2).copiedTo(4));
    PAssert.that(spread.apply("SpreadBuckets", ParDo.of(new BucketFn())).apply(Count.perElement()))
        .satisfies(
            counts -> {
              List<Integer> buckets = new ArrayList<>();
              for (KV<String, Long> count : counts) {
                buckets.add(Integer.valueOf(count.getKey().substring(2)));
                assertThat(count.getValue(), allOf(greaterThan(60L), lessThan(140L)));
              }
              assertThat(buckets.size(), is(4));
              return null;
            });
    PAssert.that(
            PCollectionList.of(spread)
                .and(copied)
                .apply(Flatten.pCollections())
                .apply("AllBuckets", ParDo.of(new BucketFn()))
                .apply(Distinct.create()))
        .satisfies(
            all -> {
              List<String> sides = new ArrayList<>();
              all.forEach(sides::add);
              assertThat(sides.size(), is(8));
              for (String side : sides) {
                assertThat(sides, hasItem(side.replace("1@", "2@")));
              }
              return null;
            });
    pipeline.run();
  }

  @Test
  void fanoutIsBoundByTheBuckets() {
    PackByKey<String, String> packing = PackByKey.into(4);
    assertThrows(IllegalArgumentException.class, () -> packing.spreadOver(5));
    assertThrows(IllegalArgumentException.class, () -> packing.copiedTo(0));
    assertThrows(IllegalArgumentException.class, () -> packing.asSide(256));
  }

  @Test
  void packetsAreHandedOverWhenFullAndWhatIsLeftAtTheEnd() {
    OpenBlocks<PacketWriter> blocks = new OpenBlocks<>(2, PacketWriter::new);
    byte[] bytes = new byte[9_000];
    List<Long> times = new ArrayList<>();
    OpenBlocks.Output out = (packet, timestamp) -> times.add(timestamp.getMillis());
    for (long timestamp : new long[] {5, 3, 8}) {
      blocks.open(1, timestamp).write(timestamp, bytes, 1, bytes, bytes.length);
      if (blocks.isFull(1)) {
        blocks.output(1, out);
      }
    }
    assertThat(times, contains(3L));
    blocks.finish(out);
    assertThat(times, contains(3L, 8L));
    blocks.finish(out);
    assertThat(times.size(), is(2));
  }

  @Test
  void windowedInputIsRefused() {
    PCollection<KV<String, String>> windowed =
        TestRunner.DIRECT
            .pipeline()
            .apply(Create.empty(CODER))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> windowed.apply(PackByKey.into(Buckets.DEFAULT)));
    assertThat(refused.getMessage(), containsString("global window"));
  }

  @Test
  void keysWithoutADeterministicCoderAreRefused() {
    PCollection<KV<Double, String>> input =
        TestRunner.DIRECT
            .pipeline()
            .apply(Create.empty(KvCoder.of(DoubleCoder.of(), StringUtf8Coder.of())));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> input.apply(PackByKey.into(Buckets.DEFAULT)));
    assertThat(refused.getMessage(), containsString("DoubleCoder"));
  }

  /** Tells side and bucket of each element. */
  private static final class BucketFn extends DoFn<KV<Integer, byte[]>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KV<Integer, byte[]> packet, OutputReceiver<String> out) {
      PacketReader reader = new PacketReader(packet.getValue());
      while (reader.next()) {
        out.output(reader.side() + "@" + packet.getKey());
      }
    }
  }

  /** Unpacks elements as text, and fails where one is in the wrong packet. */
  private static final class UnpackFn extends DoFn<KV<Integer, byte[]>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<Integer, byte[]> packet,
        @Timestamp Instant timestamp,
        OutputReceiver<String> out) {
      PacketReader reader = new PacketReader(packet.getValue());
      while (reader.next()) {
        assertThat(reader.timestamp(), greaterThan(timestamp.getMillis() - 1));
        int hash = Buckets.hash(reader.buffer(), reader.keyOffset(), reader.keyLength());
        assertThat(Buckets.of(hash, 3), is(packet.getKey()));
        out.output(
            reader.key(StringUtf8Coder.of())
                + reader.value(StringUtf8Coder.of())
                + "@"
                + reader.timestamp());
      }
    }
  }
}
