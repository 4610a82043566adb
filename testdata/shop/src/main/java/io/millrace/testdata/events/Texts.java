package io.millrace.testdata.events;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Cells of text, and of what is written as text. */
final class Texts {

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
  record TextArray() implements Cell {
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
      return value(bits).stream()
          .map(TextArray::element)
          .collect(Collectors.joining(",", "{", "}"));
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

  private Texts() {}
}
