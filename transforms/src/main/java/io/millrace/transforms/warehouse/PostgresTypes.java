package io.millrace.transforms.warehouse;

import static io.millrace.schemas.contract.ColumnType.UNSTATED;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ColumnType.Kind;

/** PostgreSQL's types for those of a contract, spelled as {@code format_type} spells them. */
final class PostgresTypes {
  /** PostgreSQL keeps microseconds. */
  private static final int MOST_FRACTION_DIGITS = 6;

  /** The type of a column. */
  static String column(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, UUID, BYTES, DATE -> plain(type);
      case DECIMAL ->
          type.precision() == UNSTATED
              ? "numeric"
              : "numeric(" + type.precision() + "," + type.scale() + ")";
      case TEXT -> text(type);
      case JSON -> type.name();
      case TIME -> "time" + fraction(type) + " without time zone";
      case TIME_TZ -> "time" + fraction(type) + " with time zone";
      case TIMESTAMP -> "timestamp" + fraction(type) + " without time zone";
      case TIMESTAMP_TZ -> "timestamp" + fraction(type) + " with time zone";
      case OPAQUE -> opaque(type);
      case ARRAY -> column(scalar(type)) + "[]";
    };
  }

  private static String plain(ColumnType type) {
    return switch (type.kind()) {
      case DOUBLE -> "double precision";
      case BYTES -> "bytea";
      default -> type.kind().name().toLowerCase(java.util.Locale.ROOT);
    };
  }

  private static String text(ColumnType type) {
    return switch (type.name()) {
      case "varchar", "character varying", "string" ->
          type.precision() == UNSTATED
              ? "character varying"
              : "character varying(" + type.precision() + ")";
      case "char", "character", "bpchar" ->
          type.precision() == UNSTATED ? "bpchar" : "character(" + type.precision() + ")";
      // An enumeration's type and an extension's are not there in another database.
      default -> "text";
    };
  }

  private static String fraction(ColumnType type) {
    return type.precision() == UNSTATED || type.precision() > MOST_FRACTION_DIGITS
        ? ""
        : "(" + type.precision() + ")";
  }

  private static String opaque(ColumnType type) {
    String length = type.precision() == UNSTATED ? "" : "(" + type.precision() + ")";
    return switch (type.name()) {
      case "bit" -> type.precision() == UNSTATED ? "bit(1)" : "bit" + length;
      case "varbit", "bit varying" -> "bit varying" + length;
      default -> type.name() + length;
    };
  }

  /**
   * The type that text is cast to before it is assigned to a column. It states no length: a cast to
   * {@code varchar(3)} would cut the text, where the assignment refuses it.
   */
  static String cast(ColumnType type) {
    return switch (type.kind()) {
      case DECIMAL -> "numeric";
      case TEXT -> column(type).startsWith("char") && !isVarying(type) ? "bpchar" : "text";
      case TIME -> "time without time zone";
      case TIME_TZ -> "time with time zone";
      case TIMESTAMP -> "timestamp without time zone";
      case TIMESTAMP_TZ -> "timestamp with time zone";
      case OPAQUE -> opaque(type).startsWith("bit") ? "bit varying" : type.name();
      case ARRAY -> cast(scalar(type)) + "[]";
      case BOOLEAN, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, UUID, JSON, BYTES, DATE ->
          column(type);
    };
  }

  private static boolean isVarying(ColumnType type) {
    return column(type).startsWith("character varying");
  }

  /** What an array holds; PostgreSQL does not tell arrays of several dimensions apart. */
  private static ColumnType scalar(ColumnType array) {
    ColumnType type = array;
    while (type.kind() == Kind.ARRAY) {
      type = type.element();
    }
    return type;
  }

  private PostgresTypes() {}
}
