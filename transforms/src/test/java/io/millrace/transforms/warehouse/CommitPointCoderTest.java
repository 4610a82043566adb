package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class CommitPointCoderTest {
  private static final CommitPoint POINT = new CommitPoint(1_000_001, Position.ofHex("80ff"), 7);
  private static final String GOLDEN = "08" + "01" + "82897a" + "02" + "80ff" + "0e";

  @Test
  void formatStaysAsItIs() throws CoderException {
    byte[] bytes = CoderUtils.encodeToByteArray(CommitPointCoder.of(), POINT);
    assertThat(HexFormat.of().formatHex(bytes), is(GOLDEN));
  }

  @Test
  void decodesWhatItEncodes() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CommitPointCoder.of(), POINT);
    CoderProperties.coderDecodeEncodeEqual(
        CommitPointCoder.of(), new CommitPoint(ChangeEvent.NO_TIME, Position.NONE, Long.MIN_VALUE));
    CoderProperties.coderSerializable(CommitPointCoder.of());
  }

  @Test
  void newerVersionIsRefused() {
    byte[] newer = HexFormat.of().parseHex(GOLDEN.replaceFirst("0801", "0802"));
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(CommitPointCoder.of(), newer));
  }
}
