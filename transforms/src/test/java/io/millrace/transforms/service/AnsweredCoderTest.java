package io.millrace.transforms.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class AnsweredCoderTest {
  private static final Coder<Answered<String, Integer>> ANSWERS =
      AnsweredCoder.of(StringUtf8Coder.of(), VarIntCoder.of());
  private static final Coder<FailedCall<Integer>> FAILURES = FailedCallCoder.of(VarIntCoder.of());
  private static final Answered<String, Integer> ANSWERED = new Answered<>("ab", 7);
  private static final FailedCall<Integer> FAILED =
      new FailedCall<>(7, FailedCall.Reason.FAILED, "x");
  private static final String GOLDEN = "01" + "026162" + "0107";
  private static final String GOLDEN_FAILURE = "01" + "064641494c4544" + "0178" + "07";

  @Test
  void theFormatsStayAsTheyAre() throws CoderException {
    assertThat(hex(CoderUtils.encodeToByteArray(ANSWERS, ANSWERED)), is(GOLDEN));
    assertThat(hex(CoderUtils.encodeToByteArray(FAILURES, FAILED)), is(GOLDEN_FAILURE));
  }

  @Test
  void decodeWhatTheyEncode() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(ANSWERS, ANSWERED);
    CoderProperties.coderDecodeEncodeEqual(ANSWERS, new Answered<>("", null));
    CoderProperties.coderDecodeEncodeEqual(FAILURES, FAILED);
    CoderProperties.coderSerializable(ANSWERS);
    CoderProperties.coderSerializable(FAILURES);
  }

  @Test
  void newerVersionsAreRefused() {
    assertRefused(ANSWERS, GOLDEN);
    assertRefused(FAILURES, GOLDEN_FAILURE);
  }

  private static void assertRefused(Coder<?> coder, String golden) {
    byte[] newer = HexFormat.of().parseHex(golden.replaceFirst("01", "02"));
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, newer));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
