package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.ColumnType.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The hash of a row: the first eight bytes of the MD5 of all its texts, of which each is told from
 * the next, and null from an empty one. Every database computes it the same, and so does this.
 */
final class CanonicalRow {

  /** Whether texts of a kind show by themselves where they end, and are never empty. */
  static boolean isDelimited(Kind kind) {
    return switch (kind) {
      case TEXT, OPAQUE -> false;
      case BOOLEAN,
          SMALLINT,
          INTEGER,
          BIGINT,
          DECIMAL,
          REAL,
          DOUBLE,
          UUID,
          JSON,
          BYTES,
          DATE,
          TIME,
          TIME_TZ,
          TIMESTAMP,
          TIMESTAMP_TZ,
          ARRAY ->
          true;
    };
  }

  /** SQL of the arguments of {@code concat}, by which a text goes into the hash. */
  static String sql(String text, boolean isDelimited) {
    return isDelimited ? text + ", '|'" : "length(" + text + "), ':', " + text + ", ';'";
  }

  /** Appends what {@link #sql} makes of a text. */
  static void append(@Nullable String text, boolean isDelimited, StringBuilder row) {
    if (isDelimited) {
      row.append(text == null ? "" : text).append('|');
    } else if (text == null) {
      row.append(":;");
    } else {
      row.append(text.codePointCount(0, text.length())).append(':').append(text).append(';');
    }
  }

  /** SQL of the hash of a row. */
  static String sqlHash(List<CanonicalText> texts, boolean isUtf8) {
    StringBuilder concat = new StringBuilder("concat(");
    for (int i = 0; i < texts.size(); i++) {
      // A function takes a hundred arguments at most.
      concat.append(i == 0 ? "concat(" : i % 20 == 0 ? "), concat(" : ", ");
      concat.append(sql(texts.get(i).text(), texts.get(i).isDelimited()));
    }
    String row = concat.append("))").toString();
    return "('x' || left(md5("
        + (isUtf8 ? row : "convert_to(" + row + ", 'UTF8')")
        + "), 16))::bit(64)::bigint";
  }

  /** The hash of what was appended. */
  static long hash(CharSequence row) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(row.toString().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  private CanonicalRow() {}
}
