package io.millrace.pipelines.detect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class JudgedEventCoderTest {
  private static final JudgedEventCoder CODER = JudgedEventCoder.of();
  private static final JudgedEvent EVENT = new JudgedEvent("k", "id", 0b101, 1.0);
  private static final String GOLDEN = "0f" + "01" + "016b" + "026964" + "05" + "3ff0000000000000";

  @Test
  void formatStaysAsItIs() throws CoderException {
    byte[] bytes = CoderUtils.encodeToByteArray(CODER, EVENT);
    assertThat(HexFormat.of().formatHex(bytes), is(GOLDEN));
  }

  @Test
  void decodesWhatItEncodes() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, EVENT);
    CoderProperties.coderDecodeEncodeEqual(CODER, new JudgedEvent("k", "id", 0, Double.NaN));
    CoderProperties.coderSerializable(CODER);
    CoderProperties.coderDeterministic(CODER, EVENT, new JudgedEvent("k", "id", 0b101, 1.0));
  }

  @Test
  void aNewerVersionIsRefused() {
    byte[] newer = HexFormat.of().parseHex(GOLDEN.replaceFirst("^0f01", "0f02"));
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, newer));
  }
}
