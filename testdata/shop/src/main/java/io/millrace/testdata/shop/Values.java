package io.millrace.testdata.shop;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Made-up values, the awkward ones among them: quotes, line breaks, emoji, empty, null, extremes.
 */
final class Values {
  private static final OffsetDateTime EPOCH =
      OffsetDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
  private static final List<String> FIRST =
      List.of(
          "Ada", "Zoë", "Jürgen", "O'Neil", "李", "Ngọc", "Åse", "Marie-\"Lou\"", "Søren", "Олег");
  private static final List<String> LAST =
      List.of("Lovelace", "Müller", "García", "back\\slash", "王", "Nowak", "Smith", "🚲 Rider");
  private static final List<String> CITIES =
      List.of("Köln", "São Paulo", "Reykjavík", "Łódź", "東京", "Cork", "Val-d'Or");
  private static final String DIGITS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final RandomGenerator random;

  Values(RandomGenerator random) {
    this.random = random;
  }

  RandomGenerator random() {
    return random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  String personName() {
    return oneOf(FIRST) + " " + oneOf(LAST);
  }

  String city() {
    return oneOf(CITIES);
  }

  /** The number of a row that another refers to: mostly of those that a small shop has. */
  long reference(int usual) {
    return 1L + below(chance(0.9) ? usual : 100_000);
  }

  String letters(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return text.toString();
  }

  String shortText() {
    return oneOf(
        "",
        " ",
        "plain",
        "two\nlines",
        "tab\there",
        "it's \"quoted\"",
        "naïve 🚀 café",
        "\\N",
        "null");
  }

  /** More than 8 KB, and not to be compressed much: PostgreSQL stores it apart from its row. */
  String wideText() {
    return letters(8_500 + random.nextInt(1_500));
  }

  BigDecimal decimal(int digits, int scale) {
    long bound = (long) Math.pow(10, digits);
    long unscaled =
        chance(0.01) ? (chance(0.5) ? bound - 1 : 1 - bound) : random.nextLong(-bound / 100, bound);
    return BigDecimal.valueOf(unscaled, scale);
  }

  /** Money that is not always a number. */
  Number balance() {
    return chance(0.01) ? (Number) Double.NaN : decimal(12, 2);
  }

  BigDecimal price() {
    return BigDecimal.valueOf(random.nextLong(1, 1_000_00), 2);
  }

  Double real() {
    if (chance(0.1)) {
      return null;
    }
    return chance(0.05)
        ? oneOf(
            0.0,
            -0.0,
            1e-300,
            -1.7976931348623157e308,
            0.1 + 0.2,
            1.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY)
        : (Double) (random.nextDouble() * 360 - 180);
  }

  Float smallReal() {
    if (chance(0.1)) {
      return null;
    }
    return chance(0.05)
        ? oneOf(Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_NORMAL, -0.0f)
        : (Float) (random.nextFloat() * 50);
  }

  OffsetDateTime instant() {
    if (chance(0.01)) {
      return oneOf(
          OffsetDateTime.MAX, OffsetDateTime.MIN, EPOCH.withYear(-43), EPOCH.withYear(9999));
    }
    return ordinaryInstant();
  }

  private OffsetDateTime ordinaryInstant() {
    return EPOCH
        .plusSeconds(random.nextLong(2L * 365 * 86_400))
        .plusNanos(1_000L * random.nextInt(1_000_000));
  }

  LocalDateTime localMillis() {
    return chance(0.01)
        ? oneOf(LocalDateTime.MAX, LocalDateTime.MIN)
        : ordinaryInstant().toLocalDateTime().withNano(1_000_000 * random.nextInt(1_000));
  }

  LocalDate date() {
    if (chance(0.01)) {
      return oneOf(
          LocalDate.MAX, LocalDate.MIN, LocalDate.of(1500, 2, 28), LocalDate.of(9999, 1, 1));
    }
    return LocalDate.of(1930, 1, 1).plusDays(random.nextInt(40_000));
  }

  LocalTime time() {
    return LocalTime.ofSecondOfDay(random.nextInt(86_400)).plusNanos(1_000L * below(1_000_000));
  }

  UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(65)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A JSON object, or null. */
  String json() {
    return chance(0.1)
        ? null
        : "{\"n\": %d, \"text\": \"%s\", \"nested\": {\"list\": [1, 2.50, null, true]}, \"x\": %s}"
            .formatted(random.nextInt(), oneOf("a", "é", "\\\"", "\\n", "🚲"), decimal(10, 3));
  }

  /** A literal of PostgreSQL's {@code text[]}, or null. */
  String textArray() {
    return oneOf(
        null,
        "{}",
        "{new}",
        "{sale,\"50% off\",NULL}",
        "{\"with \\\"quotes\\\"\",\"comma, inside\",\"\"}",
        "{" + letters(5) + "," + letters(8) + "}");
  }
}
