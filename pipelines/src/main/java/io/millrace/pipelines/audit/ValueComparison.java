package io.millrace.pipelines.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.contract.ColumnType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Tells what two values of a column look like that are not the same text. */
final class ValueComparison {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final long QUARTER_HOUR_MINUTES = 15;
  private static final long MOST_SHIFT_MINUTES = 14 * 60;
  private static final long NANOS_OF_SECOND = 1_000_000_000;
  private static final long NANOS_OF_MICROSECOND = 1_000;
  private static final double NOISE = 1e-9;

  /** What the values look like; empty if they are equal after all. */
  static Optional<ValueDifference> of(
      ComparedColumn column, @Nullable String first, @Nullable String second) {
    if (first == null || second == null) {
      return first == null && second == null
          ? Optional.empty()
          : Optional.of(new ValueDifference(DifferenceKind.NULL));
    }
    if (first.equals(second)) {
      return Optional.empty();
    }
    return switch (column.kind()) {
      case DECIMAL -> Optional.of(decimals(column.contract().type().scale(), first, second));
      case REAL, DOUBLE -> Optional.of(floats(first, second));
      case TIMESTAMP, TIMESTAMP_TZ -> Optional.of(times(first, second));
      case TEXT -> Optional.of(texts(first, second));
      case JSON -> json(first, second);
      case BOOLEAN, SMALLINT, INTEGER, BIGINT, UUID, BYTES, DATE, TIME, TIME_TZ, OPAQUE, ARRAY ->
          Optional.of(new ValueDifference(DifferenceKind.VALUE));
    };
  }

  private static ValueDifference decimals(int scale, String first, String second) {
    if (!isNumber(first) || !isNumber(second)) {
      return new ValueDifference(DifferenceKind.VALUE);
    }
    BigDecimal here = new BigDecimal(first);
    BigDecimal there = new BigDecimal(second);
    int coarser = Math.max(0, Math.min(here.scale(), there.scale()));
    return sameRounded(here, there, coarser)
            || (scale != ColumnType.UNSTATED && sameRounded(here, there, scale))
        ? new ValueDifference(DifferenceKind.ROUNDING)
        : new ValueDifference(DifferenceKind.VALUE);
  }

  private static boolean isNumber(String text) {
    char last = text.charAt(text.length() - 1);
    return last >= '0' && last <= '9';
  }

  private static boolean sameRounded(BigDecimal first, BigDecimal second, int scale) {
    return List.of(RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.DOWN).stream()
        .anyMatch(mode -> first.setScale(scale, mode).compareTo(second.setScale(scale, mode)) == 0);
  }

  private static ValueDifference floats(String first, String second) {
    double here = number(first);
    double there = number(second);
    double apart = Math.abs(here - there);
    boolean isNoise = apart <= NOISE * Math.max(Math.abs(here), Math.abs(there));
    boolean isClose = (Double.isFinite(apart) && isNoise) || (float) here == (float) there;
    return new ValueDifference(isClose ? DifferenceKind.ROUNDING : DifferenceKind.VALUE);
  }

  private static double number(String text) {
    return switch (text) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static ValueDifference times(String first, String second) {
    Optional<LocalDateTime> here = CanonicalTime.parse(first);
    Optional<LocalDateTime> there = CanonicalTime.parse(second);
    if (here.isEmpty() || there.isEmpty()) {
      return new ValueDifference(DifferenceKind.VALUE);
    }
    Duration apart = Duration.between(here.get(), there.get());
    long minutes = apart.toMinutes();
    if (apart.equals(Duration.ofMinutes(minutes))
        && minutes % QUARTER_HOUR_MINUTES == 0
        && Math.abs(minutes) <= MOST_SHIFT_MINUTES) {
      return new ValueDifference(
          DifferenceKind.TIME_ZONE,
          String.format(
              Locale.ROOT,
              "%s%02d:%02d",
              minutes < 0 ? "-" : "+",
              Math.abs(minutes) / 60,
              Math.abs(minutes) % 60));
    }
    return new ValueDifference(
        isCut(here.get(), there.get()) || isCut(there.get(), here.get())
            ? DifferenceKind.ROUNDING
            : DifferenceKind.VALUE);
  }

  /** Whether the one is the other with fewer digits of a second. */
  private static boolean isCut(LocalDateTime coarse, LocalDateTime fine) {
    LocalDateTime midnight = fine.toLocalDate().atStartOfDay();
    long nanos = fine.toLocalTime().toNanoOfDay();
    for (long unit = NANOS_OF_SECOND; unit > NANOS_OF_MICROSECOND; unit /= 10) {
      long cut = nanos - nanos % unit;
      long rounded = nanos % unit * 2 >= unit ? cut + unit : cut;
      if (coarse.equals(midnight.plusNanos(cut)) || coarse.equals(midnight.plusNanos(rounded))) {
        return true;
      }
    }
    return false;
  }

  private static ValueDifference texts(String first, String second) {
    String detail = "";
    if (first.strip().equals(second.strip())
        || first.replaceAll("\\s+", " ").equals(second.replaceAll("\\s+", " "))) {
      detail = "(blanks)";
    } else if (first.equalsIgnoreCase(second)) {
      detail = "(case)";
    } else if (normal(first).equals(normal(second))) {
      detail = "(form of characters)";
    } else if (isStart(first, second) || isStart(second, first)) {
      detail = "(cut off)";
    }
    return detail.isEmpty()
        ? new ValueDifference(DifferenceKind.VALUE)
        : new ValueDifference(DifferenceKind.TEXT, detail);
  }

  private static boolean isStart(String start, String text) {
    return !start.isEmpty() && text.startsWith(start);
  }

  private static String normal(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  /** Numbers in JSON are equal whatever zeros they have at their end. */
  private static Optional<ValueDifference> json(String first, String second) {
    try {
      JsonNode here = JSON.readTree(first);
      JsonNode there = JSON.readTree(second);
      return here.equals(ValueComparison::compareNumbers, there)
          ? Optional.empty()
          : Optional.of(new ValueDifference(DifferenceKind.VALUE));
    } catch (JsonProcessingException e) {
      return Optional.of(new ValueDifference(DifferenceKind.VALUE));
    }
  }

  private static int compareNumbers(JsonNode first, JsonNode second) {
    if (first.isNumber() && second.isNumber()) {
      return first.decimalValue().compareTo(second.decimalValue());
    }
    return first.equals(second) ? 0 : 1;
  }

  private ValueComparison() {}
}
