package io.millrace.transforms.lookup;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class LookedUpCoderTest {
  private static final LookedUpCoder<String, Integer> CODER =
      LookedUpCoder.of(StringUtf8Coder.of(), VarIntCoder.of());
  private static final LookedUp<String, Integer> FOUND = new LookedUp<>("ab", 7, 300, 5);
  private static final String GOLDEN = "01" + "ac02" + "05" + "026162" + "0107";
  private static final String GOLDEN_SNAPSHOT = "01" + "d804" + "0107" + "03026162";

  @Test
  void theFormatsStayAsTheyAre() throws CoderException {
    assertThat(hex(CoderUtils.encodeToByteArray(CODER, FOUND)), is(GOLDEN));
    SnapshotWriter snapshot = new SnapshotWriter("t", 300, SizeLimit.DEFAULT);
    snapshot.add(new byte[] {7}, new byte[] {2, 'a', 'b'});
    assertThat(hex(snapshot.finish()), is(GOLDEN_SNAPSHOT));
  }

  @Test
  void decodeWhatTheyEncode() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, FOUND);
    CoderProperties.coderDecodeEncodeEqual(CODER, new LookedUp<>("", null, 0, 0));
    CoderProperties.coderSerializable(CODER);
    byte[] bytes = HexFormat.of().parseHex(GOLDEN_SNAPSHOT);
    Snapshot<Integer, String> snapshot =
        Snapshot.decode(bytes, VarIntCoder.of(), StringUtf8Coder.of());
    assertThat(Snapshot.version(bytes), is(300L));
    assertThat(snapshot.version(), is(300L));
    assertThat(snapshot.find(7), is("ab"));
    assertThat(snapshot.find(8), is(nullValue()));
  }

  @Test
  void newerVersionsAreRefused() {
    byte[] found = HexFormat.of().parseHex(GOLDEN.replaceFirst("01", "02"));
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, found));
    byte[] snapshot = HexFormat.of().parseHex(GOLDEN_SNAPSHOT.replaceFirst("01", "02"));
    assertThat(
        assertThrows(IllegalStateException.class, () -> Snapshot.version(snapshot)).getMessage(),
        containsString("newer than this code"));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
