package io.millrace.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class ChangeEventCoderTest {
  private static final ImageEncoding ENCODING =
      ImageEncoding.of("debezium", Map.of("at", "io.debezium.time.MicroTimestamp"));

  private static final ChangeEvent UPDATE =
      ChangeEvent.builder()
          .setTable("public.orders")
          .setOperation(Operation.UPDATE)
          .setKey(Key.of(new byte[] {14}))
          .setPosition(Position.ofHex("8001"))
          .setBefore(Image.ofJson("{\"id\":7}", ENCODING))
          .setAfter(Image.ofJson("{\"id\":7,\"at\":1}", ENCODING))
          .setUnchanged(List.of("note", "wide"))
          .setTransactionId("571:53195832")
          .setCommittedAt(1_700_000_000_000_000L)
          .setCapturedAt(1_700_000_000_100_000L)
          .setReceivedAt(1_700_000_000_200_000L)
          .setOrigin(Origin.ofTopic("shop.public.orders", 3, 42))
          .build();

  private static final ChangeEvent DELETE =
      ChangeEvent.builder()
          .setTable("public.orders")
          .setOperation(Operation.DELETE)
          .setKey(Key.of(new byte[] {14}))
          .setPosition(Position.ofHex("8002"))
          .setOrigin(Origin.ofFile("orders.jsonl", 4096, 17))
          .build();

  @Test
  void whatIsEncodedIsDecoded() throws Exception {
    for (ChangeEvent event : List.of(UPDATE, DELETE)) {
      assertThat(CoderUtils.clone(ChangeEventCoder.of(), event), equalTo(event));
    }
  }

  /** Events lie encoded in state and in savepoints: these bytes must never change. */
  @Test
  void goldenBytes() throws Exception {
    String golden =
        "4902000d7075626c69632e6f7264657273000c6f72646572732e6a736f6e6c0100000026050001"
            + "0e0280020000800000000000000080000000000000008000000000000000010180"
            + "4022";
    String version1 =
        "4f01000d7075626c69632e6f7264657273000c6f72646572732e6a736f6e6c010000002c0500"
            + "010e0280020000ffffffffffffffffff01ffffffffffffffffff01ffffffffffffffffff"
            + "010101804022";
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(ChangeEventCoder.of(), DELETE)),
        equalTo(golden));
    for (String bytes : List.of(golden, version1)) {
      assertThat(
          CoderUtils.decodeFromByteArray(ChangeEventCoder.of(), HexFormat.of().parseHex(bytes)),
          equalTo(DELETE));
    }
  }

  @Test
  void newerVersionIsRefused() {
    byte[] newer = {2, 99, 0};
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(ChangeEventCoder.of(), newer));
  }

  @Test
  void blockKeepsEventsAndTheirHeads() {
    ChangeEventWriter writer = new ChangeEventWriter(16);
    writer.write(UPDATE);
    writer.write(DELETE);
    writer.write(UPDATE);
    ChangeEventReader reader = new ChangeEventReader(writer.take());
    assertThat(reader.next(), is(true));
    assertThat(reader.table(), equalTo("public.orders"));
    assertThat(reader.unchanged(), equalTo(UPDATE.unchanged()));
    assertThat(reader.next(), is(true));
    assertThat(reader.event(), equalTo(DELETE));
    assertThat(reader.next(), is(true));
    assertThat(reader.event(), equalTo(UPDATE));
    assertThat(reader.next(), is(false));
    assertThat(writer.isEmpty(), is(true));
  }

  @Test
  void encodingsAreSharedAcrossSerialization() {
    assertThat(SerializableUtils.clone(ENCODING), is(sameInstance(ENCODING)));
    assertThat(ImageEncoding.parse(ENCODING.toString()), equalTo(ENCODING));
    assertThat(ENCODING.columns(), equalTo(Map.of("at", "io.debezium.time.MicroTimestamp")));
  }
}
