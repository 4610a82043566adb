package io.millrace.transforms.time;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events are a key of one letter and a text; time is in seconds. */
class ProcessInOrderTest {
  private static final KvCoder<String, String> CODER =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());

  private static TimestampedValue<KV<String, String>> at(long second, String event) {
    return TimestampedValue.of(
        KV.of(event.substring(0, 1), event.substring(1)), Instant.ofEpochSecond(second));
  }

  private static Instant second(long second) {
    return Instant.ofEpochSecond(second);
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void eventsComeInOrderOfTimeOnceTheWatermarkHasPassedThem(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    ProcessInOrder.Result<String, String, String> processed =
        timed
            .pipeline()
            .apply(
                TestStream.create(CODER)
                    .addElements(at(9, "a9"), at(3, "a3"), at(3, "a1"), at(5, "b5"))
                    .advanceWatermarkTo(second(6))
                    .addElements(at(5, "a5"), at(6, "a6"))
                    .addElements(at(20, "b20"))
                    .advanceWatermarkToInfinity())
            .apply(ProcessInOrder.with(new JoinProcess(0), StringUtf8Coder.of()));
    timed.expect(
        processed.outputs(),
        text -> text,
        "3 a:1",
        "3 a:13",
        "6 a:136",
        "9 a:1369",
        "5 b:5",
        "20 b:520");
    timed.expect(
        processed.tooLate(),
        late -> late.element() + " by " + late.lateness(),
        "5 KV{a, 5} by PT1S");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void turnsThatWereAskedForComeWhenTheWatermarkIsThere(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    ProcessInOrder.Result<String, String, String> processed =
        timed
            .pipeline()
            .apply(
                TestStream.create(CODER)
                    .addElements(at(3, "a1"))
                    .advanceWatermarkTo(second(12))
                    .addElements(at(12, "a2"))
                    .advanceWatermarkTo(second(13))
                    .addElements(at(14, "a3"))
                    .advanceWatermarkTo(second(40))
                    .addElements(at(40, "a4"))
                    .advanceWatermarkToInfinity())
            .apply(ProcessInOrder.with(new JoinProcess(10), StringUtf8Coder.of()));
    // Each event asks for a turn 10 seconds later, which forgets all, unless events come with it.
    timed.expect(
        processed.outputs(), text -> text, "3 a:1", "12 a:12", "14 a:123", "40 a turn", "40 a:4");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void keysGetATurnEveryNowAndThen(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    ProcessInOrder.Result<String, String, String> processed =
        timed
            .pipeline()
            .apply(
                TestStream.create(CODER)
                    .addElements(at(3, "a1"))
                    .advanceWatermarkTo(second(10))
                    .advanceWatermarkTo(second(105))
                    .addElements(at(110, "a2"))
                    .advanceWatermarkToInfinity())
            .apply(
                ProcessInOrder.<String, String, String>with(
                        new JoinProcess(0), StringUtf8Coder.of())
                    .withTurnEvery(Duration.standardSeconds(50)));
    timed.expect(processed.outputs(), text -> text, "3 a:1", "105 a turn", "110 a:2");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void noSuchTurnComesBeforeEventsThatAreDue(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    ProcessInOrder.Result<String, String, String> processed =
        timed
            .pipeline()
            .apply(
                TestStream.create(CODER)
                    .addElements(at(3, "a1"), at(60, "a2"))
                    .advanceWatermarkTo(second(10))
                    .advanceWatermarkTo(second(80))
                    .advanceWatermarkToInfinity())
            .apply(
                ProcessInOrder.<String, String, String>with(
                        new JoinProcess(0), StringUtf8Coder.of())
                    .withTurnEvery(Duration.standardSeconds(50)));
    timed.expect(processed.outputs(), text -> text, "3 a:1", "60 a:12", "80 a turn");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource
  void boundedInputGivesTheSameInWhateverOrder(TestRunner runner) {
    List<TimestampedValue<KV<String, String>>> events = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    String[] expected = new String[40];
    for (int i = 0; i < expected.length; i++) {
      events.add(at(i, "a" + (char) ('A' + i)));
      expected[i] = i + " a:" + all.append((char) ('A' + i));
    }
    Collections.shuffle(events, new Random(3));
    TimedPipeline timed = new TimedPipeline(runner);
    ProcessInOrder.Result<String, String, String> processed =
        timed
            .pipeline()
            .apply(Create.timestamped(events).withCoder(CODER))
            .apply(
                ProcessInOrder.<String, String, String>with(
                        new JoinProcess(0), StringUtf8Coder.of())
                    .withTurnEvery(Duration.standardDays(1)));
    timed.expect(processed.outputs(), text -> text, expected);
    timed.run();
  }

  @Test
  void stateStaysAsItIs() throws CoderException {
    PendingEvents pending = new PendingEvents();
    pending.add("ab", new KeyEvent(100, new byte[] {7, 8}));
    pending.addTurn("c", 200);
    String golden =
        "10" + "01" + "02" + "c801" + "026162" + "01" + "020708" + "9003" + "0163" + "00";
    PendingEventsCoder coder = new PendingEventsCoder();
    assertThat(HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, pending)), is(golden));
    PendingEvents decoded = CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(golden));
    assertThat(HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, decoded)), is(golden));
    byte[] newer = HexFormat.of().parseHex(golden.replaceFirst("1001", "1002"));
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, newer));
  }

  /** Joins a key's texts, and says so when it has a turn without an event. */
  private static final class JoinProcess implements KeyProcess<String> {
    private static final long serialVersionUID = 1L;

    private final long wakeSeconds;

    JoinProcess(long wakeSeconds) {
      this.wakeSeconds = wakeSeconds;
    }

    @Override
    public void process(byte[] key, List<KeyEvent> events, KeyTurn<String> turn) {
      String name = new ByteReader(key).readText();
      if (events.isEmpty()) {
        turn.keep(null);
        turn.output(name + " turn", turn.watermark() == Long.MAX_VALUE ? 0 : turn.watermark());
        return;
      }
      byte[] state = turn.state();
      StringBuilder joined = new StringBuilder(state == null ? "" : new String(state, UTF_8));
      for (KeyEvent event : events) {
        joined.append(new ByteReader(event.bytes()).readText());
        turn.output(name + ":" + joined, event.timestamp());
        if (wakeSeconds > 0) {
          turn.wakeAt(event.timestamp() + wakeSeconds * 1000);
        }
      }
      ByteWriter bytes = new ByteWriter(16);
      byte[] text = joined.toString().getBytes(UTF_8);
      bytes.writeRaw(text, 0, text.length);
      turn.keep(bytes.toByteArray());
    }
  }
}
