package io.millrace.schemas;

import java.io.Serializable;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the columns of an image are written: the format, and for each column whose event told so, the
 * name of its encoding, such as {@code io.debezium.time.MicroTimestamp}. Parameters follow the name
 * after a colon ({@code org.apache.kafka.connect.data.Decimal:2}). Instances are shared, so that
 * equal encodings are nearly always the same object.
 */
public final class ImageEncoding implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHARED = 10_000;
  private static final Map<String, ImageEncoding> SHARED = new ConcurrentHashMap<>();

  /** Debezium's JSON where no schema tells more. */
  public static final ImageEncoding DEBEZIUM = of("debezium", Map.of());

  /** The neutral format: ISO-8601 times, decimals as numbers or text, bytes as base64. */
  public static final ImageEncoding CHANGES = of("changes", Map.of());

  /** Maxwell's JSON: values as MySQL writes them, bytes as base64, bits as a number. */
  public static final ImageEncoding MAXWELL = of("maxwell", Map.of());

  /** Canal's flat messages: values as MySQL writes them, bytes as ISO-8859-1, bits as a number. */
  public static final ImageEncoding CANAL = of("canal", Map.of());

  /** Oracle GoldenGate's JSON: numbers or text, times as GoldenGate writes them. */
  public static final ImageEncoding OGG = of("ogg", Map.of());

  /** The JSON of AWS DMS; it does not say how bytes are written. */
  public static final ImageEncoding AWS_DMS = of("aws_dms", Map.of());

  /** Rows beside their key, written as in the neutral format. */
  public static final ImageEncoding UPSERT = of("upsert", Map.of());

  /** Rows of Kafka Connect where no schema tells more: times in milliseconds, bytes as base64. */
  public static final ImageEncoding CONNECT_JDBC = of("connect_jdbc", Map.of());

  /** Datastream's unified types: ISO-8601 times, decimals as numbers or text, bytes as base64. */
  public static final ImageEncoding DATASTREAM = of("datastream", Map.of());

  /** Business events: ISO-8601 times or milliseconds, otherwise as in the neutral format. */
  public static final ImageEncoding EVENT = of("event", Map.of());

  private final String text;
  private final transient String format;
  private final transient SortedMap<String, String> columns;

  private ImageEncoding(String text, String format, SortedMap<String, String> columns) {
    this.text = text;
    this.format = format;
    this.columns = Collections.unmodifiableSortedMap(columns);
  }

  /** The encoding of a format's images whose columns (by source name) are encoded as named. */
  public static ImageEncoding of(String format, Map<String, String> columns) {
    SortedMap<String, String> sorted = new TreeMap<>(columns);
    StringBuilder text = new StringBuilder(format);
    char separator = '?';
    for (Map.Entry<String, String> column : sorted.entrySet()) {
      text.append(separator).append(escape(column.getKey())).append('=');
      text.append(escape(column.getValue()));
      separator = '&';
    }
    return shared(new ImageEncoding(text.toString(), format, sorted));
  }

  /** The encoding whose {@link #toString()} this is. */
  public static ImageEncoding parse(String text) {
    ImageEncoding known = SHARED.get(text);
    if (known != null) {
      return known;
    }
    int query = text.indexOf('?');
    SortedMap<String, String> columns = new TreeMap<>();
    if (query >= 0) {
      for (String pair : text.substring(query + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        columns.put(unescape(pair.substring(0, equals)), unescape(pair.substring(equals + 1)));
      }
    }
    String format = query < 0 ? text : text.substring(0, query);
    return shared(new ImageEncoding(text, format, columns));
  }

  private static ImageEncoding shared(ImageEncoding encoding) {
    if (SHARED.size() >= MOST_SHARED) {
      SHARED.clear();
    }
    ImageEncoding earlier = SHARED.putIfAbsent(encoding.text, encoding);
    return earlier == null ? encoding : earlier;
  }

  private static String escape(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  private static String unescape(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }

  private Object readResolve() {
    return parse(text);
  }

  /** The format's name, such as {@code debezium} or {@code changes}. */
  public String format() {
    return format;
  }

  /** The encodings that events named, by the source's column. */
  public Map<String, String> columns() {
    return columns;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof ImageEncoding that && text.equals(that.text));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
