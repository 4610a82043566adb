package io.millrace.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class ChangeBlockCoderTest {
  private static final ChangeBlockCoder CODER = ChangeBlockCoder.of();
  private static final ChangeBlock TOPIC =
      ChangeBlock.of("shop", 3, 300, 302, 2, new byte[] {1, 7, 7});

  @Test
  void bytesStayAsTheyAre() throws CoderException {
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(CODER, TOPIC)),
        is("0c010473686f7006d804dc040203010707"));
  }

  @Test
  void blocksComeBackAsTheyWere() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, TOPIC);
    CoderProperties.coderDecodeEncodeEqual(
        CODER,
        ChangeBlock.of("/data/ü.jsonl", Origin.NO_PARTITION, 1L << 40, 1L << 41, 0, new byte[1]));
    CoderProperties.coderSerializable(CODER);
  }

  @Test
  void newerVersionIsRefused() {
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, new byte[] {1, 2}));
  }
}
