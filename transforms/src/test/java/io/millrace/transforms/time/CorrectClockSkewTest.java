package io.millrace.transforms.time;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The device's clock is an hour behind; times are in seconds. */
class CorrectClockSkewTest {
  private static final CorrectClockSkew.Correct<Reading> CORRECT =
      CorrectClockSkew.with(new Reading.Times(), Duration.standardHours(2)).withBuckets(3);

  private static final String[] EXPECTED = {
    "10000 1 by 3600", "10030 1 by 3600", "10060 1 by 3600", "10021 2 by 3605"
  };

  /** A reading that was sent at once and took so long. */
  private static Reading reading(long device, long second, long delay) {
    long told = (second - 3600) * 1_000_000;
    return new Reading(device, told, told, (second + delay) * 1_000_000, 0);
  }

  private static String text(Corrected<Reading> corrected) {
    return corrected.element().device() + " by " + corrected.offset() / 1_000_000;
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void whatWasReceivedBeforeTeachesAsSoonAsTheWatermarkIsThere(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    CorrectClockSkew.Result<Reading> result =
        timed
            .pipeline()
            .apply(
                TestStream.create(Reading.CODER)
                    .addElements(at(reading(1, 10_060, 90)), at(reading(1, 10_000, 0)))
                    .addElements(at(reading(1, 10_030, 30)), at(reading(2, 10_016, 5)))
                    .advanceWatermarkTo(Instant.ofEpochSecond(11_000))
                    .addElements(at(reading(2, 10_500, 0)))
                    .advanceWatermarkToInfinity())
            .apply(CORRECT);
    timed.expect(result.corrected(), CorrectClockSkewTest::text, EXPECTED);
    timed.expect(
        result.tooLate(),
        late -> late.element().device() + " by " + late.lateness(),
        "10500 2 by PT500S");
    timed.run();
  }

  @ParameterizedTest
  @EnumSource
  void boundedInputGivesTheSame(TestRunner runner) {
    TimedPipeline timed = new TimedPipeline(runner);
    CorrectClockSkew.Result<Reading> result =
        timed
            .pipeline()
            .apply(
                Create.timestamped(
                        at(reading(1, 10_060, 90)),
                        at(reading(1, 10_030, 30)),
                        at(reading(2, 10_016, 5)),
                        at(reading(1, 10_000, 0)))
                    .withCoder(Reading.CODER))
            .apply(CORRECT);
    timed.expect(result.corrected(), CorrectClockSkewTest::text, EXPECTED);
    timed.run();
  }

  @Test
  void outputFormatStaysAsItIs() throws Exception {
    CorrectedCoder<String> coder = CorrectedCoder.of(StringUtf8Coder.of());
    Corrected<String> corrected = Corrected.of("ab", 100, -1, 3);
    String golden = "05" + "01" + "c801" + "01" + "06" + "026162";
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, corrected)), is(golden));
    CoderProperties.coderDecodeEncodeEqual(coder, corrected);
    CoderProperties.coderSerializable(coder);
    byte[] newer = HexFormat.of().parseHex(golden.replaceFirst("0501", "0502"));
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, newer));
  }

  private static TimestampedValue<Reading> at(Reading reading) {
    return TimestampedValue.of(reading, Instant.ofEpochMilli(reading.receivedAt() / 1000));
  }
}
