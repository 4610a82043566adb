package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonParser;
import io.millrace.schemas.wire.JsonScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/**
 * The value that Debezium writes for a column it was not given because it did not change (a TOASTed
 * one), in each of its forms: text, base64 or hexadecimal bytes, and an array of the text, of its
 * bytes as numbers, or of a UUID made from it.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-toasted-values">
 *     Debezium on TOASTed values</a>
 */
final class Placeholder {
  private final char[] text;
  private final Set<String> forms;
  private final BitSet lengths = new BitSet();
  private final Set<String> arrays;

  Placeholder(String placeholder) {
    byte[] bytes = placeholder.getBytes(StandardCharsets.UTF_8);
    text = placeholder.toCharArray();
    String base64 = Base64.getEncoder().encodeToString(bytes);
    forms =
        Set.of(
            placeholder,
            base64,
            HexFormat.of().formatHex(bytes),
            "{\"" + placeholder + "\":\"" + placeholder + "\"}",
            "{\"" + placeholder + "\": \"" + placeholder + "\"}");
    forms.forEach(form -> lengths.set(form.getBytes(StandardCharsets.UTF_8).length));
    arrays =
        Set.of(
            "[\"" + placeholder + "\"]",
            "[\"" + base64 + "\"]",
            "[\"" + UUID.nameUUIDFromBytes(bytes) + "\"]",
            Arrays.toString(bytes).replace(" ", ""));
  }

  /** Whether the text at the parser stands for an unchanged column. */
  boolean isAt(JsonParser parser) throws IOException {
    int length = parser.getTextLength();
    if (length < text.length || length > 4 * text.length) {
      return false;
    }
    char[] characters = parser.getTextCharacters();
    int start = parser.getTextOffset();
    if (length == text.length) {
      return Arrays.equals(characters, start, start + length, text, 0, length);
    }
    return forms.contains(new String(characters, start, length));
  }

  /** Whether the text that a scanner has just moved over stands for an unchanged column. */
  boolean isText(JsonScanner json) {
    int length = json.textLength();
    return lengths.get(length) && forms.contains(json.copyText());
  }

  /** Whether a JSON array stands for an unchanged column. */
  boolean isArray(String json) {
    return arrays.contains(json);
  }
}
