package io.millrace.testdata.events;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How the values of a column come about: each is a function of 64 random bits, so that a row needs
 * no more memory than its seeds, and the same value can be written in any format at any time.
 */
interface Cell {

  /** Appends the value as Debezium's JSON has it. */
  void debezium(StringBuilder out, long bits);

  /** Appends the value as the neutral format has it. */
  default void neutral(StringBuilder out, long bits) {
    debezium(out, bits);
  }

  /** The value as PostgreSQL writes it as text; null is null. */
  String text(long bits);

  /** Null in one row of so many. */
  record OrNull(Cell cell, int oneIn) implements Cell {
    private boolean isNull(long bits) {
      return Long.remainderUnsigned(Bits.mix(bits), oneIn) == 0;
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      if (isNull(bits)) {
        out.append("null");
      } else {
        cell.debezium(out, bits);
      }
    }

    @Override
    public void neutral(StringBuilder out, long bits) {
      if (isNull(bits)) {
        out.append("null");
      } else {
        cell.neutral(out, bits);
      }
    }

    @Override
    public String text(long bits) {
      return isNull(bits) ? null : cell.text(bits);
    }
  }

  /** A whole number from 0. */
  record Whole(long bound) implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(Long.remainderUnsigned(bits, bound));
    }

    @Override
    public String text(long bits) {
      return Long.toUnsignedString(Long.remainderUnsigned(bits, bound));
    }
  }

  /** A decimal, written as text, as with {@code decimal.handling.mode=string}. */
  record Decimal(long bound, int scale) implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append('"').append(text(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return BigDecimal.valueOf(bits % bound, scale).toPlainString();
    }
  }

  /** A floating-point number with three decimals. */
  record Real(int bound) implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(value(bits));
    }

    @Override
    public String text(long bits) {
      String text = Double.toString(value(bits));
      return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private double value(long bits) {
      return 1 + Long.remainderUnsigned(bits, 1_000L * bound) / 1000.0;
    }
  }

  /** True or false. */
  record Flag() implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append((bits & 1) == 0);
    }

    @Override
    public String text(long bits) {
      return Boolean.toString((bits & 1) == 0);
    }
  }

  /** One of a few texts. */
  record Choice(List<String> texts) implements Cell {
    Choice(String... texts) {
      this(List.of(texts));
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      Json.quote(out, text(bits));
    }

    @Override
    public String text(long bits) {
      return texts.get((int) Long.remainderUnsigned(bits, texts.size()));
    }
  }

  /** Words, this many, the awkward ones among them. */
  record Words(int count) implements Cell {
    private static final String[] WORDS = {
      "river",
      "Zoë",
      "mill",
      "\"quoted\"",
      "back\\slash",
      "line\nbreak",
      "wheel",
      "日本",
      "race",
      "O'Neil",
      "stone",
      "🚲",
      "water",
      "gate",
      "<tag>",
      "flow"
    };

    @Override
    public void debezium(StringBuilder out, long bits) {
      Json.quote(out, text(bits));
    }

    @Override
    public String text(long bits) {
      StringBuilder text = new StringBuilder();
      long rest = bits;
      for (int i = 0; i < count; i++) {
        text.append(i == 0 ? "" : " ").append(WORDS[(int) (rest & 15)]);
        rest = i % 12 == 11 ? Bits.mix(rest + bits) : rest >>> 4;
      }
      return text.toString();
    }
  }

  /** A date, written as days since 1970. */
  record Day() implements Cell {
    private static LocalDate value(long bits) {
      return LocalDate.of(1950, 1, 1).plusDays(Long.remainderUnsigned(bits, 30_000));
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(value(bits).toEpochDay());
    }

    @Override
    public void neutral(StringBuilder out, long bits) {
      out.append('"').append(value(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return value(bits).toString();
    }
  }

  /** A moment with microseconds, written in ISO-8601. */
  record Moment() implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append('"').append(Bits.moment(bits, 1_000)).append('"');
    }

    @Override
    public String text(long bits) {
      return Bits.postgres(Bits.moment(bits, 1_000).atOffset(ZoneOffset.UTC).toLocalDateTime())
          + "+00";
    }
  }

  /** A date and time with milliseconds and without zone, written as milliseconds since 1970. */
  record LocalMoment() implements Cell {
    private static LocalDateTime value(long bits) {
      return Bits.moment(bits, 1_000_000).atOffset(ZoneOffset.UTC).toLocalDateTime();
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(Bits.moment(bits, 1_000_000).toEpochMilli());
    }

    @Override
    public void neutral(StringBuilder out, long bits) {
      out.append('"').append(value(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return Bits.postgres(value(bits));
    }
  }

  /** A UUID. */
  record Uuid() implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append('"').append(text(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return new UUID(bits, Bits.mix(bits)).toString();
    }
  }

  /** An address for electronic mail. */
  record Mail() implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append('"').append(text(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return Long.toUnsignedString(bits, 36) + "@example.com";
    }
  }

  /** A JSON object, in the form that PostgreSQL's jsonb has as text. */
  record JsonObject() implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      Json.quote(out, text(bits));
    }

    @Override
    public void neutral(StringBuilder out, long bits) {
      out.append(text(bits));
    }

    @Override
    public String text(long bits) {
      return (bits & 3) == 0
          ? "{\"a\": \"é\\n\", \"bb\": [1, null, true]}"
          : "{\"score\": " + Long.remainderUnsigned(bits, 1_000) + ".50}";
    }
  }

  /** An array of texts. */
  record Texts() implements Cell {
    private static final List<List<String>> LISTS =
        List.of(
            List.of(),
            List.of("a"),
            List.of("two words", "b,c"),
            List.of("\"", "\\", ""),
            Arrays.asList("x", null, "NULL"));

    private static List<String> value(long bits) {
      return LISTS.get((int) Long.remainderUnsigned(bits, LISTS.size()));
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      char separator = '[';
      for (String text : value(bits)) {
        out.append(separator);
        Json.quote(out, text);
        separator = ',';
      }
      out.append(separator == '[' ? "[]" : "]");
    }

    @Override
    public String text(long bits) {
      return value(bits).stream().map(Texts::element).collect(Collectors.joining(",", "{", "}"));
    }

    private static String element(String text) {
      if (text == null) {
        return "NULL";
      }
      boolean plain = text.matches("[a-z]+");
      return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  /** A few bytes, written in base64. */
  record Bytes() implements Cell {
    private static byte[] value(long bits) {
      return Arrays.copyOf(
          Long.toHexString(bits).getBytes(StandardCharsets.ISO_8859_1), (int) (bits & 7));
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append('"').append(Base64.getEncoder().encodeToString(value(bits))).append('"');
    }

    @Override
    public String text(long bits) {
      return "\\x" + HexFormat.of().formatHex(value(bits));
    }
  }

  /** What several cells need. */
  final class Bits {
    private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");
    private static final long TWO_YEARS_OF_MICROS = 2L * 365 * 86_400 * 1_000_000;

    /** Scatters the bits: the finalizer of MurmurHash3. */
    static long mix(long bits) {
      long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
      mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
      return mixed ^ (mixed >>> 33);
    }

    static Instant moment(long bits, int nanosPerUnit) {
      long units = Long.remainderUnsigned(bits, TWO_YEARS_OF_MICROS * 1_000 / nanosPerUnit);
      long unitsPerSecond = 1_000_000_000L / nanosPerUnit;
      return EPOCH
          .plusSeconds(units / unitsPerSecond)
          .plusNanos(units % unitsPerSecond * nanosPerUnit);
    }

    /** As PostgreSQL writes a timestamp: a space, and no zeros at the end of the fraction. */
    static String postgres(LocalDateTime time) {
      String text = time.toString().replace('T', ' ');
      String whole = text.length() == 16 ? text + ":00" : text;
      return whole.indexOf('.') < 0 ? whole : whole.replaceFirst("0+$", "");
    }

    private Bits() {}
  }
}
