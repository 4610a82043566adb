package io.millrace.transforms.pattern;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.time.KeyEvent;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class AlertCoderTest {
  private static final AlertCoder<String> CODER = AlertCoder.of(StringUtf8Coder.of());
  private static final Alert<String> ALERT =
      Alert.of(
          "r",
          "k",
          "id",
          List.of(MatchedEvent.of("s", Instant.ofEpochMilli(100), "ab")),
          Instant.ofEpochMilli(100),
          Instant.ofEpochMilli(-1),
          new TreeMap<>(Map.of("m", 1.0)));
  private static final String GOLDEN =
      "1b"
          + "01"
          + "0172"
          + "016b"
          + "026964"
          + "c801"
          + "01"
          + "01"
          + "016d"
          + "3ff0000000000000"
          + "01"
          + "0173"
          + "c801"
          + "026162";

  @Test
  void formatStaysAsItIs() throws CoderException {
    byte[] bytes = CoderUtils.encodeToByteArray(CODER, ALERT);
    assertThat(HexFormat.of().formatHex(bytes), is(GOLDEN));
  }

  @Test
  void decodesWhatItEncodes() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, ALERT);
    CoderProperties.coderSerializable(CODER);
  }

  @Test
  void newerVersionIsRefused() {
    byte[] newer = HexFormat.of().parseHex(GOLDEN.replaceFirst("1b01", "1b02"));
    assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(CODER, newer));
  }

  @Test
  void idsStandForRuleKeyAndEvents() {
    String id = id("rule", "k", 5, "a");
    assertThat(id, is("af76e9071d27ecf45523dc4411c3225e"));
    assertThat(id("other", "k", 5, "a"), is(not(id)));
    assertThat(id("rule", "m", 5, "a"), is(not(id)));
    assertThat(id("rule", "k", 6, "a"), is(not(id)));
    assertThat(id("rule", "k", 5, "b"), is(not(id)));
  }

  @Test
  void idsOfEventsStandForThemIfTheyHaveSome() {
    AlertMaker<String> maker =
        new AlertMaker<>("rule", StringUtf8Coder.of(), event -> event.substring(0, 1));
    assertThat(id(maker, "k", 5, "a1"), is(id(maker, "k", 6, "a2")));
    assertThat(id(maker, "k", 5, "a1"), is(not(id(maker, "k", 5, "b1"))));
  }

  private static String id(String rule, String key, long time, String event) {
    return id(new AlertMaker<>(rule, StringUtf8Coder.of(), null), key, time, event);
  }

  private static String id(AlertMaker<String> maker, String key, long time, String event) {
    KeyEvent matched = RecordedTurn.event(time, event);
    return maker
        .alert(
            new byte[] {1, (byte) key.charAt(0)},
            List.of("s"),
            List.of(matched),
            time,
            Collections.emptySortedMap())
        .id();
  }
}
