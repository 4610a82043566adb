package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class DeadLetterCoderTest {
  private static final DeadLetterCoder CODER = DeadLetterCoder.of();

  @Test
  void bytesStayAsTheyAre() throws CoderException {
    assertThat(
        hex(Letters.line(17, Letters.bytes("{"))),
        is(
            "5202094d414c464f524d454405504152534519556e65787065637465642022656e64220a6f6620696e"
                + "7075740000122f646174612f6f72646572732e6a736f6e6c01d402220001017b00fe9fd5edee66000000"));
    assertThat(
        hex(Letters.change(1)),
        is(
            "98010207524546555345440957415245484f555345166e756d65726963206669656c64206f76"
                + "6572666c6f77010b73686f702e6f726465727301040000cafe0b73686f702e6f726465727306"
                + "02000000013f02000b73686f702e6f7264657273010000002c0500020101040000cafe000400"
                + "0647484620400080000000000000008000000000000000000602000339303180a0d5edee6600"
                + "0000"));
    assertThat(
        hex(Letters.record(5, Letters.bytes("{"))),
        is(
            "6102094241445f56414c55450550415253451370726963653a206e6f742061206e756d626572010b"
                + "73686f702e6f7264657273000b73686f702e6f7264657273060a0001016b01017b00fe9fd5edee66"
                + "01074348414e474553010401ae90d5edee66"));
  }

  @Test
  void changesOfVersionOneAreStillRead() throws CoderException {
    assertThat(
        CoderUtils.decodeFromByteArray(
            CODER,
            HexFormat.of()
                .parseHex(
                    "9c010207524546555345440957415245484f555345166e756d65726963206669656c64206f7665"
                        + "72666c6f77010b73686f702e6f726465727301040000cafe0b73686f702e6f72646572730602"
                        + "000000014301000b73686f702e6f726465727301000000300500020101040000cafe00048080"
                        + "82e288d2a306ffffffffffffffffff01ffffffffffffffffff01000602000339303180a0d5ed"
                        + "ee66000000")),
        is(Letters.change(1)));
  }

  @Test
  void lettersOfVersionOneAreStillRead() throws CoderException {
    assertThat(
        CoderUtils.decodeFromByteArray(
            CODER,
            HexFormat.of()
                .parseHex(
                    "4f01094d414c464f524d454405504152534519556e65787065637465642022656e64220a6f6620"
                        + "696e7075740000122f646174612f6f72646572732e6a736f6e6c01d402220001017b00fe9f"
                        + "d5edee66")),
        is(Letters.line(17, Letters.bytes("{"))));
  }

  @Test
  void lettersComeBackAsTheyWere() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, Letters.line(17, Letters.bytes("{")));
    CoderProperties.coderDecodeEncodeEqual(CODER, Letters.record(5, Letters.bytes("{")));
    CoderProperties.coderDecodeEncodeEqual(CODER, Letters.change(1));
    CoderProperties.coderSerializable(CODER);
  }

  @Test
  void newerVersionIsRefused() {
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, new byte[] {1, 3}));
  }

  private static String hex(DeadLetter letter) throws CoderException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(CODER, letter));
  }
}
