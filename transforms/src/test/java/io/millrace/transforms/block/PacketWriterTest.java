package io.millrace.transforms.block;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.junit.jupiter.api.Test;

class PacketWriterTest {
  /** The version, then elements at 100, 98 and -1 ms. */
  private static final String GOLDEN =
      "01" + "c801" + "0161" + "03616263" + "03" + "00" + "0178" + "c501" + "0162" + "00";

  private final PacketWriter writer = new PacketWriter();

  @Test
  void formatStaysAsItIs() {
    write(100, "a", "abc");
    write(98, "", "x");
    write(-1, "b", "");
    assertThat(HexFormat.of().formatHex(writer.take()), is(GOLDEN));
  }

  @Test
  void readerFindsWhatWasWritten() {
    PacketReader reader = new PacketReader(HexFormat.of().parseHex(GOLDEN));
    assertThat(reader.next(), is(true));
    assertThat(reader.timestamp(), is(100L));
    assertThat(new String(reader.copyKey(), UTF_8), is("a"));
    assertThat(new String(reader.copyValue(), UTF_8), is("abc"));
    assertThat(reader.next(), is(true));
    assertThat(reader.timestamp(), is(98L));
    assertThat(reader.keyLength(), is(0));
    assertThat((char) reader.buffer()[reader.valueOffset()], is('x'));
    assertThat(reader.next(), is(true));
    assertThat(reader.timestamp(), is(-1L));
    assertThat(reader.valueLength(), is(0));
    assertThat(reader.next(), is(false));
  }

  @Test
  void keysAndValuesAreDecodedOnDemand() {
    write(1, "\u0001k", "\u0002vv");
    PacketReader reader = new PacketReader(writer.take());
    reader.next();
    assertThat(reader.key(StringUtf8Coder.of()), is("k"));
    assertThat(reader.value(StringUtf8Coder.of()), is("vv"));
  }

  @Test
  void writerBeginsAnewOnceItsPacketIsTaken() {
    assertThat(writer.isEmpty(), is(true));
    write(50, "a", "b");
    byte[] first = writer.take();
    assertThat(writer.isEmpty(), is(true));
    write(50, "a", "b");
    assertThat(writer.take(), is(first));
  }

  @Test
  void packetTellsItsSide() {
    PacketWriter ofSide = new PacketWriter(7);
    assertThat(ofSide.isEmpty(), is(true));
    byte[] byteA = {'a'};
    ofSide.write(5, byteA, 1, byteA, 1);
    byte[] packet = ofSide.take();
    assertThat(HexFormat.of().formatHex(packet), is("0207" + "0a" + "0161" + "0161"));
    assertThat(ofSide.isEmpty(), is(true));
    PacketReader reader = new PacketReader(packet);
    assertThat(reader.side(), is(7));
    assertThat(reader.next(), is(true));
    assertThat(reader.timestamp(), is(5L));
    assertThat(new PacketReader(HexFormat.of().parseHex(GOLDEN)).side(), is(0));
  }

  @Test
  void newerVersionIsRefused() {
    assertThrows(IllegalStateException.class, () -> new PacketReader(new byte[] {3}));
  }

  private void write(long timestamp, String key, String value) {
    byte[] keyBytes = key.getBytes(UTF_8);
    byte[] valueBytes = value.getBytes(UTF_8);
    writer.write(timestamp, keyBytes, keyBytes.length, valueBytes, valueBytes.length);
  }
}
