package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsualTimestampTest {
  @Property
  void readsWhatTheFormatterWrites(
      @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 9) int digits,
      @ForAll @IntRange(max = 999_999_999) int fraction,
      @ForAll boolean blank,
      @ForAll boolean zoned) {
    int unit = (int) Math.pow(10, 9 - digits);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(second, fraction / unit * unit, ZoneOffset.UTC);
    String written =
        DateTimeFormatter.ofPattern(
                (blank ? "uuuu-MM-dd HH:mm:ss" : "uuuu-MM-dd'T'HH:mm:ss")
                    + (digits == 0 ? "" : "." + "S".repeat(digits)))
            .format(time);
    assertThat(UsualTimestamp.parse(zoned ? written + "Z" : written), is(time));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-01-31",
        "2026-01-31T12:00",
        "2026-01-31:12:00:00",
        "2026-01-31T12:00:00+01:00",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00.1234567890",
        "2026-01-31T12:00:00.12-02:00",
        "2026-01-31T12:00:0Z",
        "2026-01-31T12:00:00ZZ",
        "-026-01-31T12:00:00Z",
        "+12026-01-31T12:00:00Z",
        "2026-01-3xT12:00:00Z",
        "2026-01-01T24:00:00Z",
        "infinity"
      })
  void leavesOtherFormsAlone(String text) {
    assertThat(UsualTimestamp.parse(text), is(nullValue()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-01-01T25:00:00.5"})
  void refusesTimesThatAreNone(String text) {
    assertThrows(DateTimeException.class, () -> UsualTimestamp.parse(text));
  }
}
