package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class ChangeCountsCoderTest {
  private static final ChangeCounts COUNTS =
      ChangeCounts.builder()
          .setRead(300)
          .setAccepted(1)
          .setSuperseded(2)
          .setDuplicate(3)
          .setLate(4)
          .setRejected(5)
          .setControl(6)
          .build();
  private static final String GOLDEN = "09" + "01" + "ac02" + "010203040506";

  @Test
  void formatStaysAsItIs() throws CoderException {
    byte[] bytes = CoderUtils.encodeToByteArray(ChangeCountsCoder.of(), COUNTS);
    assertThat(HexFormat.of().formatHex(bytes), is(GOLDEN));
  }

  @Test
  void decodesWhatItEncodes() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(ChangeCountsCoder.of(), COUNTS);
    CoderProperties.coderSerializable(ChangeCountsCoder.of());
  }

  @Test
  void newerVersionIsRefused() {
    byte[] newer = HexFormat.of().parseHex(GOLDEN.replaceFirst("0901", "0902"));
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(ChangeCountsCoder.of(), newer));
  }
}
