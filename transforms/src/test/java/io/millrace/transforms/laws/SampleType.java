package io.millrace.transforms.laws;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * A column's type, with a value for each number from 0 to 59: how records write it, in two ways
 * that mean the same, and how PostgreSQL shows it.
 */
record SampleType(
    String physicalType,
    IntFunction<String> json,
    IntFunction<String> otherJson,
    IntFunction<String> shown) {

  /** Those that may be part of a key. */
  static final List<SampleType> KEYS =
      List.of(
          of("integer", n -> "" + (n - 2), n -> text("" + (n - 2)), n -> "" + (n - 2)),
          of("bigint", n -> "900000000" + n, n -> text("900000000" + n), n -> "900000000" + n),
          of("numeric(10,2)", n -> text(n + ".50"), n -> n + ".5", n -> n + ".50"),
          of(
              "numeric",
              n -> text("" + (n * 10 + 1)),
              n -> (n * 10 + 1) + "e0",
              n -> "" + (n * 10 + 1)),
          of("double precision", n -> n + ".25", n -> text(n + ".250"), n -> n + ".25"),
          of("text", n -> text(strange(n)), n -> text(strange(n)), SampleType::strange),
          of("varchar(9)", n -> text("\u00e9 " + n), n -> text("\u00e9 " + n), n -> "\u00e9 " + n),
          of("char(4)", n -> text("" + n), n -> text(n + "  "), n -> (n + "    ").substring(0, 4)),
          of("uuid", n -> text(uuid(n)), n -> text(uuid(n).toUpperCase(Locale.ROOT)), n -> uuid(n)),
          of("bytea", n -> text(base64(n)), n -> text(base64(n)), n -> "\\x" + hex(n)),
          of("date", n -> text("" + date(n)), n -> "" + date(n).toEpochDay(), n -> "" + date(n)),
          of(
              "timestamp(3)",
              n -> text(written(n) + ".001"),
              n -> (43_170 + n) + "001",
              n -> shown(n) + ".001"),
          of(
              "timestamptz",
              n -> text(written(n) + "Z"),
              n -> text(written(n).replace("T1", "T0") + ".000000-10:00"),
              n -> shown(n) + "+00"));

  /** All. */
  static final List<SampleType> ALL =
      java.util.stream.Stream.concat(
              KEYS.stream(),
              java.util.stream.Stream.of(
                  of(
                      "boolean",
                      n -> "" + even(n),
                      n -> text("" + even(n)),
                      n -> even(n) ? "t" : "f"),
                  of(
                      "jsonb",
                      n -> "{\"n\":[%d,null]}".formatted(n),
                      n -> text("{\"n\":[%d,null]}".formatted(n)),
                      n -> "{\"n\": [%d, null]}".formatted(n)),
                  of(
                      "text[]",
                      n -> "[%s,null,\"\"]".formatted(text(strange(n))),
                      n -> "[%s,null,\"\"]".formatted(text(strange(n))),
                      n -> "{" + text(strange(n)) + ",NULL,\"\"}"),
                  of(
                      "integer[]",
                      n -> "[7,%d]".formatted(n),
                      n -> "[7,\"%d\"]".formatted(n),
                      n -> "{7,%d}".formatted(n)),
                  of(
                      "inet",
                      n -> text("10.0.0." + n),
                      n -> text("10.0.0." + n + "/32"),
                      n -> "10.0.0." + n),
                  of(
                      "interval",
                      n -> text("PT" + n + "S"),
                      n -> "" + n * 1_000_000,
                      n -> "00:00:%02d".formatted(n)),
                  of(
                      "int4range",
                      n -> text("[1,%d]".formatted(n + 1)),
                      n -> text("(0,%d)".formatted(n + 2)),
                      n -> "[1,%d)".formatted(n + 2)),
                  of(
                      "bit varying(6)",
                      n -> text(Integer.toBinaryString(n)),
                      n -> text(Integer.toBinaryString(n)),
                      Integer::toBinaryString),
                  of(
                      "time",
                      n -> text("12:00:%02d".formatted(n)),
                      n -> (43_200L + n) + "000000",
                      n -> "12:00:%02d".formatted(n))))
          .toList();

  private static SampleType of(
      String type, IntFunction<String> json, IntFunction<String> other, IntFunction<String> shown) {
    return new SampleType(type, json, other, shown);
  }

  /** A text as JSON. */
  static String text(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String strange(int n) {
    return "\u00fc\"'\\{},%\uD834\uDD1E" + n;
  }

  private static boolean even(int n) {
    return n % 2 == 0;
  }

  private static String uuid(int n) {
    return "0000abcd-0000-4000-8000-0000000000%02d".formatted(n);
  }

  private static byte[] bytes(int n) {
    return new byte[] {0, (byte) (n * 4), '"', -1};
  }

  private static String base64(int n) {
    return Base64.getEncoder().encodeToString(bytes(n));
  }

  private static String hex(int n) {
    return HexFormat.of().formatHex(bytes(n));
  }

  private static LocalDate date(int n) {
    return LocalDate.of(1969, 12, 1).plusDays(n);
  }

  private static String written(int n) {
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
        LocalDateTime.of(1970, 1, 1, 11, 59, 30).plusSeconds(n));
  }

  private static String shown(int n) {
    return written(n).replace('T', ' ');
  }
}
