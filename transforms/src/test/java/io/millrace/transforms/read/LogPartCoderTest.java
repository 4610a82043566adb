package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class LogPartCoderTest {
  private static final String OPEN = "1501066f726465727306d80efeffffffffffffffff01";

  @Test
  void bytesStayTheSame() throws Exception {
    LogPart open = new LogPart("orders", 3, 940, LogPart.OPEN);
    byte[] bytes = CoderUtils.encodeToByteArray(LogPartCoder.of(), open);
    assertThat(HexFormat.of().formatHex(bytes), is(OPEN));
    assertThat(CoderUtils.decodeFromByteArray(LogPartCoder.of(), bytes), is(open));
  }

  @Test
  void anotherVersionIsRefused() {
    byte[] bytes = HexFormat.of().parseHex(OPEN.replace("1501", "1502"));
    CoderException refused =
        assertThrows(
            CoderException.class, () -> CoderUtils.decodeFromByteArray(LogPartCoder.of(), bytes));
    assertThat(refused.getMessage(), containsString("version 2, which this code does not know"));
  }
}
