package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HexFormat;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

class ValueKeyTest {

  @Test
  void keysAreWrittenAsTheyAlwaysWere() {
    assertThat(
        HexFormat.of()
            .formatHex(key(7L, "é", new BigDecimal("12.50"), LocalDate.of(2026, 5, 1), bytes(10))),
        is("0137" + "02c3a9" + "0431322e35" + "0a323032362d30352d3031" + "023061"));
  }

  @Test
  void equalValuesAreOneKeyHoweverTheyAreWritten() {
    assertThat(key(new BigDecimal("100")), is(key(new BigDecimal("1E+2"))));
    assertThat(key(new BigDecimal("0.00")), is(key(BigDecimal.ZERO)));
    assertThat(key(-0.0), is(key(0.0)));
    assertThat(key(1000L), is(key(new BigDecimal("1000.0"))));
    assertThat(key(1.5), is(key(new BigDecimal("1.50"))));
    assertThat(key((short) 3), is(key(3.0f)));
    assertThat(key("ab", "c"), is(not(key("a", "bc"))));
  }

  @Test
  void anEventWithoutOneOfTheValuesHasNoKey() {
    assertThat(key("a", null), is(nullValue()));
  }

  private static byte[] bytes(int value) {
    return new byte[] {(byte) value};
  }

  private static byte @Nullable [] key(@Nullable Object... values) {
    return ValueKey.of(values);
  }
}
