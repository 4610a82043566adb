package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A column's exact type, read from a contract's {@code physicalType}. The names of PostgreSQL and
 * of MySQL are known; each is brought to one {@link Kind} and its parameters.
 *
 * @see <a href="https://www.postgresql.org/docs/17/datatype.html">PostgreSQL data types</a>
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/data-types.html">MySQL data types</a>
 */
@AutoValue
public abstract class ColumnType implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No length, precision or scale is stated. */
  public static final int UNSTATED = -1;

  /** What kind of values a column holds, and the Java class they are decoded to. */
  public enum Kind {
    /** {@link Boolean}. */
    BOOLEAN,
    /** {@link Short}. */
    SMALLINT,
    /** {@link Integer}. */
    INTEGER,
    /** {@link Long}. */
    BIGINT,
    /** {@link java.math.BigDecimal}; {@link Double} for NaN and the infinities. */
    DECIMAL,
    /** {@link Float}. */
    REAL,
    /** {@link Double}. */
    DOUBLE,
    /** {@link String}. */
    TEXT,
    /** {@link String} in the canonical form of 8-4-4-4-12 hexadecimal digits. */
    UUID,
    /** {@link String}: JSON text. */
    JSON,
    /** {@code byte[]}. */
    BYTES,
    /** {@link java.time.LocalDate}; MAX and MIN stand for the infinities. */
    DATE,
    /** {@link java.time.LocalTime}. */
    TIME,
    /** {@link java.time.OffsetTime}. */
    TIME_TZ,
    /** {@link java.time.LocalDateTime}; MAX and MIN stand for the infinities. */
    TIMESTAMP,
    /** {@link java.time.Instant}; MAX and MIN stand for the infinities. */
    TIMESTAMP_TZ,
    /** {@link String} that the database itself parses: intervals, network addresses, ranges. */
    OPAQUE,
    /** {@link java.util.List} of the element's values. */
    ARRAY
  }

  private static final Pattern SYNTAX =
      Pattern.compile(
          "([a-z_][a-z0-9_ ]*?)\\s*(?:\\(\\s*(\\d+)\\s*(?:,\\s*(-?\\d+)\\s*)?\\))?\\s*"
              + "((?:with(?:out)? time zone)?)\\s*((?:unsigned)?(?:\\s*zerofill)?)\\s*((?:\\[\\d*\\])*)");

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("boolean", Kind.BOOLEAN),
          Map.entry("bool", Kind.BOOLEAN),
          Map.entry("smallint", Kind.SMALLINT),
          Map.entry("int2", Kind.SMALLINT),
          Map.entry("smallserial", Kind.SMALLINT),
          Map.entry("tinyint", Kind.SMALLINT),
          Map.entry("integer", Kind.INTEGER),
          Map.entry("int", Kind.INTEGER),
          Map.entry("int4", Kind.INTEGER),
          Map.entry("serial", Kind.INTEGER),
          Map.entry("mediumint", Kind.INTEGER),
          Map.entry("year", Kind.INTEGER),
          Map.entry("oid", Kind.BIGINT),
          Map.entry("bigint", Kind.BIGINT),
          Map.entry("int8", Kind.BIGINT),
          Map.entry("bigserial", Kind.BIGINT),
          Map.entry("numeric", Kind.DECIMAL),
          Map.entry("decimal", Kind.DECIMAL),
          Map.entry("money", Kind.DECIMAL),
          Map.entry("real", Kind.REAL),
          Map.entry("float4", Kind.REAL),
          Map.entry("float", Kind.DOUBLE),
          Map.entry("double", Kind.DOUBLE),
          Map.entry("double precision", Kind.DOUBLE),
          Map.entry("float8", Kind.DOUBLE),
          Map.entry("text", Kind.TEXT),
          Map.entry("tinytext", Kind.TEXT),
          Map.entry("mediumtext", Kind.TEXT),
          Map.entry("longtext", Kind.TEXT),
          Map.entry("citext", Kind.TEXT),
          Map.entry("enum", Kind.TEXT),
          Map.entry("set", Kind.TEXT),
          Map.entry("varchar", Kind.TEXT),
          Map.entry("character varying", Kind.TEXT),
          Map.entry("char", Kind.TEXT),
          Map.entry("character", Kind.TEXT),
          Map.entry("bpchar", Kind.TEXT),
          Map.entry("string", Kind.TEXT),
          Map.entry("uuid", Kind.UUID),
          Map.entry("json", Kind.JSON),
          Map.entry("jsonb", Kind.JSON),
          Map.entry("bytea", Kind.BYTES),
          Map.entry("binary", Kind.BYTES),
          Map.entry("varbinary", Kind.BYTES),
          Map.entry("blob", Kind.BYTES),
          Map.entry("tinyblob", Kind.BYTES),
          Map.entry("mediumblob", Kind.BYTES),
          Map.entry("longblob", Kind.BYTES),
          Map.entry("date", Kind.DATE),
          Map.entry("time", Kind.TIME),
          Map.entry("timetz", Kind.TIME_TZ),
          Map.entry("timestamp", Kind.TIMESTAMP),
          Map.entry("datetime", Kind.TIMESTAMP),
          Map.entry("timestamptz", Kind.TIMESTAMP_TZ));

  private static final Set<String> OPAQUE =
      Set.of(
          "interval",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "xml",
          "bit",
          "bit varying",
          "varbit",
          "tsvector",
          "tsquery",
          "ltree",
          "point",
          "line",
          "lseg",
          "box",
          "path",
          "polygon",
          "circle",
          "int4range",
          "int8range",
          "numrange",
          "tsrange",
          "tstzrange",
          "daterange",
          "pg_lsn",
          "hstore");

  public abstract Kind kind();

  /** Characters of a text, digits of a decimal, or digits of a second's fraction. */
  public abstract int precision();

  /** Digits after the decimal point. */
  public abstract int scale();

  /** The element's type, of an array. */
  public abstract @Nullable ColumnType element();

  /** The type's bare name in lower case, without parameters: {@code varchar}. */
  public abstract String name();

  /** The whole type as the contract has it. */
  public abstract String physicalType();

  static ColumnType of(Kind kind, int precision, int scale, String name, String physicalType) {
    return new AutoValue_ColumnType(kind, precision, scale, null, name, physicalType);
  }

  /**
   * Reads a type such as {@code numeric(10,2)}, {@code timestamp(3) with time zone}, {@code int
   * unsigned} or {@code text[]}.
   *
   * @throws ContractException if the type is not known
   */
  public static ColumnType parse(String physicalType) {
    String text = physicalType.trim().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (text.matches("(enum|set)\\s*\\(.*\\)")) {
      return of(Kind.TEXT, UNSTATED, UNSTATED, "enum", physicalType);
    }
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw unknown(physicalType);
    }
    ColumnType scalar = scalar(matcher, physicalType);
    int dimensions = matcher.group(6).isEmpty() ? 0 : matcher.group(6).split("\\]", -1).length - 1;
    for (int i = 0; i < dimensions; i++) {
      scalar =
          new AutoValue_ColumnType(
              Kind.ARRAY, UNSTATED, UNSTATED, scalar, scalar.name() + "[]", physicalType);
    }
    return scalar;
  }

  private static ColumnType scalar(Matcher matcher, String physicalType) {
    String name = matcher.group(1).trim();
    boolean unsigned = !matcher.group(5).isEmpty() || name.endsWith(" unsigned");
    name = name.replace(" zerofill", "").replace(" unsigned", "").trim();
    boolean withZone =
        matcher.group(4).equals("with time zone") || name.endsWith(" with time zone");
    name = name.replace(" without time zone", "").replace(" with time zone", "").trim();
    int precision = number(matcher.group(2));
    int scale = number(matcher.group(3));
    if (OPAQUE.contains(name)) {
      return of(Kind.OPAQUE, precision, UNSTATED, name, physicalType);
    }
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw unknown(physicalType);
    }
    if (withZone && kind == Kind.TIMESTAMP) {
      return of(Kind.TIMESTAMP_TZ, precision, UNSTATED, "timestamptz", physicalType);
    }
    if (withZone && kind == Kind.TIME) {
      return of(Kind.TIME_TZ, precision, UNSTATED, "timetz", physicalType);
    }
    return switch (kind) {
      case SMALLINT ->
          unsigned && !name.equals("tinyint")
              ? of(Kind.INTEGER, UNSTATED, UNSTATED, "integer", physicalType)
              : of(kind, UNSTATED, UNSTATED, "smallint", physicalType);
      case INTEGER ->
          unsigned && !name.equals("mediumint")
              ? of(Kind.BIGINT, UNSTATED, UNSTATED, "bigint", physicalType)
              : of(kind, UNSTATED, UNSTATED, "integer", physicalType);
      case BIGINT ->
          unsigned
              ? of(Kind.DECIMAL, 20, 0, "numeric", physicalType)
              : of(kind, UNSTATED, UNSTATED, "bigint", physicalType);
      case DECIMAL ->
          of(
              kind,
              name.equals("money") ? 19 : precision,
              name.equals("money") ? 2 : precision != UNSTATED && scale == UNSTATED ? 0 : scale,
              name.equals("money") ? "money" : "numeric",
              physicalType);
      case TEXT ->
          of(
              kind,
              precision == UNSTATED && Set.of("char", "character", "bpchar").contains(name)
                  ? (name.equals("bpchar") ? UNSTATED : 1)
                  : precision,
              UNSTATED,
              name,
              physicalType);
      case TIMESTAMP ->
          of(
              kind,
              name.equals("datetime") && precision == UNSTATED ? 0 : precision,
              UNSTATED,
              name,
              physicalType);
      case DOUBLE, REAL, BOOLEAN, BYTES, DATE, UUID, JSON, OPAQUE, ARRAY ->
          of(kind, kind == Kind.BYTES ? precision : UNSTATED, UNSTATED, name, physicalType);
      case TIME, TIME_TZ, TIMESTAMP_TZ -> of(kind, precision, UNSTATED, name, physicalType);
    };
  }

  private static int number(@Nullable String digits) {
    return digits == null ? UNSTATED : Integer.parseInt(digits);
  }

  private static ContractException unknown(String physicalType) {
    return new ContractException(
        "physicalType '"
            + physicalType
            + "' is not a known type; use a PostgreSQL or MySQL type,"
            + " such as bigint, numeric(10,2), text, timestamptz or integer[]"
            + " (an enumeration of the source's own is text)");
  }

  @Override
  public final String toString() {
    return physicalType();
  }
}
