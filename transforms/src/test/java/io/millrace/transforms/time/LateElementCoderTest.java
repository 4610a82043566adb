package io.millrace.transforms.time;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class LateElementCoderTest {
  private static final LateElementCoder<String> CODER = LateElementCoder.of(StringUtf8Coder.of());
  private static final LateElement<String> LATE =
      LateElement.of("ab", Instant.ofEpochMilli(-1), Instant.ofEpochMilli(100));
  private static final String GOLDEN = "04" + "01" + "01" + "c801" + "026162";

  private static final LateCounts COUNTS =
      LateCounts.of("s", Instant.ofEpochMilli(3_600_000), 300, 2, 1);
  private static final String GOLDEN_COUNTS = "0b" + "01" + "0173" + "80bab703" + "ac020201";

  @Test
  void formatsStayAsTheyAre() throws CoderException {
    assertThat(hex(CoderUtils.encodeToByteArray(CODER, LATE)), is(GOLDEN));
    assertThat(hex(CoderUtils.encodeToByteArray(LateCountsCoder.of(), COUNTS)), is(GOLDEN_COUNTS));
  }

  @Test
  void decodeWhatTheyEncode() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, LATE);
    CoderProperties.coderSerializable(CODER);
    CoderProperties.coderDecodeEncodeEqual(LateCountsCoder.of(), COUNTS);
    CoderProperties.coderSerializable(LateCountsCoder.of());
  }

  @Test
  void newerVersionsAreRefused() {
    byte[] late = HexFormat.of().parseHex(GOLDEN.replaceFirst("0401", "0402"));
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, late));
    byte[] counts = HexFormat.of().parseHex(GOLDEN_COUNTS.replaceFirst("0b01", "0b02"));
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(LateCountsCoder.of(), counts));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
