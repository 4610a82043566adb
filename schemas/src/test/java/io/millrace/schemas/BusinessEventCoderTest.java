package io.millrace.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class BusinessEventCoderTest {
  private static final BusinessEvent PURCHASE =
      BusinessEvent.builder()
          .setType("purchase")
          .setId(Key.of(new byte[] {14}))
          .setSource("till-7")
          .setOccurredAt(1_700_000_000_000_000L)
          .setSentAt(1_700_000_000_100_000L)
          .setReceivedAt(1_700_000_000_200_000L)
          .setOrigin(Origin.ofTopic("purchases", 3, 42))
          .setImage(
              Image.ofJson(
                  "{\"id\":7}",
                  ImageEncoding.of("event", Map.of("at", "io.debezium.time.Timestamp"))))
          .build();

  private static final BusinessEvent BARE =
      BusinessEvent.builder()
          .setType("click")
          .setId(Key.of(new byte[] {1, 2}))
          .setOccurredAt(1)
          .setOrigin(Origin.ofFile("clicks.jsonl", 4096, 17))
          .setImage(Image.ofJson("{}", ImageEncoding.EVENT))
          .build();

  @Test
  void whatIsEncodedIsDecoded() throws Exception {
    for (BusinessEvent event : List.of(PURCHASE, BARE)) {
      assertThat(CoderUtils.clone(BusinessEventCoder.of(), event), equalTo(event));
    }
  }

  /** Events lie encoded in state and in savepoints: these bytes must never change. */
  @Test
  void goldenBytes() throws Exception {
    String golden =
        "3d010005636c69636b020102000000000000000180000000000000008000000000000000"
            + "0c636c69636b732e6a736f6e6c01804022056576656e74027b7d";
    assertThat(
        HexFormat.of().formatHex(CoderUtils.encodeToByteArray(BusinessEventCoder.of(), BARE)),
        equalTo(golden));
    assertThat(
        CoderUtils.decodeFromByteArray(BusinessEventCoder.of(), HexFormat.of().parseHex(golden)),
        equalTo(BARE));
  }

  @Test
  void versionThatIsNotKnownIsRefused() {
    byte[] newer = {2, 99, 0};
    assertThrows(
        CoderException.class, () -> CoderUtils.decodeFromByteArray(BusinessEventCoder.of(), newer));
  }

  @Test
  void collectionsOfEventsFindTheCoder() throws Exception {
    assertThat(
        CoderRegistry.createDefault().getCoder(BusinessEvent.class),
        equalTo(BusinessEventCoder.of()));
  }
}
