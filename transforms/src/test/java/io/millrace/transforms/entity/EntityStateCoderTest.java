package io.millrace.transforms.entity;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class EntityStateCoderTest {
  private static final EntityStateCoder CODER = new EntityStateCoder();
  private static final EntityState STATE =
      new EntityState(
          300,
          true,
          new Folded(new byte[] {1, 2}, 4, 63),
          -1,
          new Folded(null, 5, 64),
          1,
          List.of(
              new KeptEvent(64, 7, "id", new byte[] {3}),
              new KeptEvent(62, -8, "", new byte[] {})));
  private static final String GOLDEN =
      ("01" + "ac02" + "01" + "047e01020102" + "01" + "01" + "05800100" + "02")
          + ("8001" + "0e" + "026964" + "0103")
          + ("03" + "0f" + "00" + "00");

  @Test
  void formatStaysAsItIs() throws Exception {
    assertThat(hex(STATE), is("1d" + GOLDEN));
    assertThat(hex(EntityState.NEW), is("06" + "01" + "00" + "00" + "00" + "00" + "00"));
  }

  @Test
  void decodesWhatItEncodes() throws Exception {
    for (EntityState state : List.of(STATE, EntityState.NEW, STATE.withCurrent(STATE.base(), 0))) {
      assertThat(hex(CoderUtils.clone(CODER, state)), is(hex(state)));
    }
    EntityState decoded = CoderUtils.clone(CODER, STATE);
    assertThat(decoded.isPending(), is(true));
    assertThat(decoded.base().entity(), is(new byte[] {1, 2}));
    assertThat(decoded.current().entity() == null, is(true));
    assertThat(decoded.kept().get(1).time(), is(62L));
    assertThat(CoderUtils.clone(CODER, EntityState.NEW).baseSequence(), is(Long.MIN_VALUE));
    CoderProperties.coderSerializable(CODER);
  }

  @Test
  void newerVersionIsRefused() {
    byte[] newer = HexFormat.of().parseHex("0102");
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, newer));
  }

  @Test
  void formatOfOutputStaysAsItIs() throws Exception {
    EvolvedCoder<String> coder = EvolvedCoder.of(StringUtf8Coder.of());
    Evolved<String> evolved = new Evolved<>("a", 300, Instant.ofEpochMilli(1000), 2);
    Evolved<String> gone = new Evolved<>(null, 301, Instant.ofEpochMilli(-1), 3);
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, evolved)),
        is("01" + "ac02" + "80000000000003e8" + "02" + "010161"));
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, gone)),
        is("01" + "ad02" + "7fffffffffffffff" + "03" + "00"));
    CoderProperties.coderDecodeEncodeEqual(coder, evolved);
    CoderProperties.coderDecodeEncodeEqual(coder, gone);
    CoderProperties.coderSerializable(coder);
  }

  private static String hex(EntityState state) throws CoderException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(CODER, state));
  }
}
