package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  @Test
  void lineOfAFileReadsAsWritten() {
    assertThat(
        json(Letters.line(17, Letters.bytes("{\"id\":1"))),
        is(
            "{\"reason\":\"MALFORMED\",\"stage\":\"PARSE\","
                + "\"message\":\"Unexpected \\\"end\\\"\\nof input\",\"table\":null,"
                + "\"origin\":{\"source\":\"/data/orders.jsonl\",\"partition\":null,"
                + "\"offset\":170,\"line\":17},\"originText\":\"/data/orders.jsonl:17\","
                + "\"recordKey\":null,\"record\":\"{\\\"id\\\":1\",\"format\":null,"
                + "\"positionEpoch\":null,\"receivedAt\":null,\"position\":null,"
                + "\"key\":null,\"change\":null,\"rejectedAt\":\"2025-12-31T23:59:59.999Z\"}"));
  }

  @Test
  void changeOfATopicReadsAsWritten() {
    assertThat(
        json(Letters.change(42)),
        startsWith(
            "{\"reason\":\"REFUSED\",\"stage\":\"WAREHOUSE\","
                + "\"message\":\"numeric field overflow\",\"table\":\"shop.orders\","
                + "\"origin\":{\"source\":\"shop.orders\",\"partition\":3,\"offset\":42,"
                + "\"line\":null},\"originText\":\"shop.orders-3@42\",\"recordKey\":null,"
                + "\"record\":null,\"format\":null,\"positionEpoch\":null,\"receivedAt\":null,"
                + "\"position\":\"0000cafe\",\"key\":\"012a\",\"change\":\""));
  }

  @Test
  void howARecordWasReadIsKept() {
    assertThat(
        json(Letters.record(5, Letters.bytes("{"))),
        containsString(
            "\"format\":\"CHANGES\",\"positionEpoch\":2,"
                + "\"receivedAt\":\"2025-12-31T23:59:58.999Z\""));
  }

  @Test
  void lettersFromBeforeItWasKeptAreStillRead() {
    assertThat(
        DeadLetters.parse(
            "{\"reason\":\"MALFORMED\",\"stage\":\"PARSE\","
                + "\"message\":\"Unexpected \\\"end\\\"\\nof input\",\"table\":null,"
                + "\"origin\":{\"source\":\"/data/orders.jsonl\",\"partition\":null,"
                + "\"offset\":170,\"line\":17},\"originText\":\"/data/orders.jsonl:17\","
                + "\"recordKey\":null,\"record\":\"{\\\"id\\\":1\",\"position\":null,"
                + "\"key\":null,\"change\":null,\"rejectedAt\":\"2025-12-31T23:59:59.999Z\"}"),
        is(Letters.line(17, Letters.bytes("{\"id\":1"))));
  }

  @Test
  void everyKindComesBackAsItWas() {
    assertComesBack(Letters.record(1, Letters.bytes("{")));
    assertComesBack(Letters.line(1, Letters.bytes("\uFEFF{\"ü\":\"🐘\u2028\u0000\r\"}")));
    assertComesBack(Letters.line(2, new byte[0]));
    assertComesBack(Letters.change(7));
    assertComesBack(
        DeadLetter.builder()
            .setReason(Letters.change(0).reason())
            .setStage(DeadLetter.Stage.PARSE)
            .setMessage("")
            .setTable("shop.orders")
            .setOrigin(Origin.ofFile("x", 9, Origin.NO_LINE))
            .setRecordKey(new byte[] {(byte) 0xFF, 0})
            .setRejectedAtMillis(0)
            .build());
  }

  @Test
  void bytesThatAreNotTextComeBackAsTheyWere() {
    byte[] bytes = {'a', (byte) 0xC3, '\n', (byte) 0xED, (byte) 0xA0, (byte) 0x80};
    assertThat(json(Letters.line(1, bytes)), containsString("\"record\":null,\"recordBase64\":\""));
    assertComesBack(Letters.line(1, bytes));
  }

  @Test
  void recordOfManyMegabytesComesBack() {
    byte[] bytes = new byte[25 << 20];
    Arrays.fill(bytes, (byte) 'x');
    assertComesBack(Letters.line(1, bytes));
  }

  @Test
  void whatIsNoDeadLetterIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> DeadLetters.parse("{\"reason\":\"x\"}"));
    assertThrows(IllegalArgumentException.class, () -> DeadLetters.parse("not json"));
    assertThrows(IllegalArgumentException.class, () -> DeadLetters.parse(""));
  }

  private static void assertComesBack(DeadLetter letter) {
    String json = json(letter);
    assertThat(json, not(containsString("\n")));
    assertThat(DeadLetters.parse(json), is(letter));
  }

  private static String json(DeadLetter letter) {
    return new String(DeadLetters.toJson(letter), StandardCharsets.UTF_8);
  }
}
