package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ComparedValueTest {

  static List<List<Object>> ascending() {
    return List.of(
        List.of(
            Double.NEGATIVE_INFINITY,
            -1e300,
            -10,
            new BigDecimal("-9.5"),
            (short) 0,
            0.25f,
            1e-1 + 1,
            new BigDecimal("2.00"),
            10L,
            Long.MAX_VALUE,
            new BigDecimal("9223372036854775807.5"),
            Double.POSITIVE_INFINITY,
            Double.NaN),
        List.of("", "A", "Z", "Zz", "a", "\u00e9", "\u4e2d", "\uffff", "\ud83d\ude00"),
        List.of(LocalDate.of(-44, 3, 15), LocalDate.of(999, 1, 1), LocalDate.of(10_000, 1, 1)),
        List.of(
            LocalDateTime.parse("2026-05-01T12:00"), LocalDateTime.parse("2026-05-01T12:00:00.5")),
        List.of(
            Instant.parse("2026-05-01T12:00:00Z"),
            Instant.parse("2026-05-01T12:00:00.000001Z"),
            Instant.parse("+10000-01-01T00:00:00Z")),
        List.of(LocalTime.parse("09:00"), LocalTime.parse("09:00:00.1"), LocalTime.parse("10:00")),
        List.of(false, true),
        List.of(new byte[] {}, new byte[] {1}, new byte[] {1, 0}, new byte[] {(byte) 0xff}));
  }

  @ParameterizedTest
  @MethodSource("ascending")
  void valuesOfATypeAreInOrder(List<Object> ascending) {
    for (int i = 0; i < ascending.size(); i++) {
      for (int j = 0; j < ascending.size(); j++) {
        int order =
            ComparedValue.compare(
                ComparedValue.write(ascending.get(i)), ComparedValue.write(ascending.get(j)));
        assertThat(
            ascending.get(i) + " and " + ascending.get(j),
            Integer.signum(order),
            is(Integer.compare(i, j)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ascending")
  void valuesAreReadAsTheyWere(List<Object> values) {
    for (Object value : values) {
      Object read = ComparedValue.read(ComparedValue.write(value));
      if (read instanceof BigDecimal number) {
        assertThat(number.compareTo(new BigDecimal(value.toString())), is(0));
      } else {
        assertThat(read, is(value));
      }
    }
  }
}
