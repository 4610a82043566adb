package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ColumnType.Kind;
import java.time.ZoneOffset;

/**
 * SQL that writes a column's values so that equal ones are equal texts, whatever the column's type
 * is: numbers without zeros at their end, instants in UTC, JSON as {@code jsonb} writes it. The
 * settings of {@link PostgresConnection} are part of this.
 */
final class CanonicalSql {

  /** The value's text; null for null. */
  static String text(ComparedColumn column, SideColumn actual) {
    return switch (column.kind()) {
      case TEXT -> value(column, actual);
      case SMALLINT, INTEGER, BIGINT, DECIMAL ->
          actual.isWhole()
              ? value(column, actual) + "::text"
              : "trim_scale(" + value(column, actual) + ")::text";
      // Adding nothing makes minus zero zero.
      case REAL -> "(" + value(column, actual) + " + CAST(0 AS real))::text";
      case DOUBLE -> "(" + value(column, actual) + " + CAST(0 AS double precision))::text";
      case BOOLEAN,
          UUID,
          JSON,
          BYTES,
          DATE,
          TIME,
          TIME_TZ,
          TIMESTAMP,
          TIMESTAMP_TZ,
          OPAQUE,
          ARRAY ->
          "(" + value(column, actual) + ")::text";
    };
  }

  /** The value itself, by which rows are sorted; the bare column wherever that will do. */
  static String value(ComparedColumn column, SideColumn actual) {
    String name = quote(actual.name());
    String type = actual.type();
    return switch (column.kind()) {
      case BOOLEAN ->
          type.equals("bool") ? name : actual.isWhole() ? name + " <> 0" : cast(name, "boolean");
      case SMALLINT, INTEGER, BIGINT, DECIMAL -> actual.isWhole() ? name : numeric(actual);
      case REAL -> uncast(name, type, "float4", "real");
      case DOUBLE -> uncast(name, type, "float8", "double precision");
      case TEXT ->
          column.padded()
              ? "rtrim(" + name + "::text, ' ')"
              : type.equals("text") || type.equals("varchar") ? name : name + "::text";
      case UUID -> uncast(name, type, "uuid", "uuid");
      case JSON -> uncast(name, type, "jsonb", "jsonb");
      case BYTES -> type.equals("bytea") ? name : "convert_to(" + name + "::text, 'UTF8')";
      case DATE -> uncast(name, type, "date", "date");
      case TIME -> uncast(name, type, "time", "time");
      case TIME_TZ -> uncast(name, type, "timetz", "timetz") + " AT TIME ZONE 'UTC'";
      case TIMESTAMP -> timestamp(column, name, type);
      case TIMESTAMP_TZ -> instant(column, name, type);
      case OPAQUE -> actual.isText() ? cast(name, opaque(column.contract().type())) : name;
      case ARRAY -> array(column.contract().type(), actual, name);
    };
  }

  private static String uncast(String name, String type, String wanted, String sqlType) {
    return type.equals(wanted) ? name : cast(name, sqlType);
  }

  /** By way of its text, which for a float is the shortest that reads as the same number. */
  private static String cast(String name, String sqlType) {
    return "CAST(" + name + "::text AS " + sqlType + ")";
  }

  private static String numeric(SideColumn actual) {
    String name = quote(actual.name());
    return switch (actual.type()) {
      case "numeric" -> name;
      case "money" -> "CAST(" + name + " AS numeric)";
      case "bool" -> "CAST(CAST(" + name + " AS integer) AS numeric)";
      default -> cast(name, "numeric");
    };
  }

  private static String timestamp(ComparedColumn column, String name, String type) {
    return switch (type) {
      case "timestamp" -> name;
      case "date" -> "CAST(" + name + " AS timestamp)";
      case "timestamptz" -> name + zone(column);
      default -> cast(name, "timestamp");
    };
  }

  private static String instant(ComparedColumn column, String name, String type) {
    return switch (type) {
      case "timestamptz" -> name;
      case "timestamp", "date" -> "CAST(" + name + " AS timestamp)" + zone(column);
      default -> cast(name, "timestamptz");
    };
  }

  /** An offset is an interval: of the text of one PostgreSQL takes the sign the other way. */
  private static String zone(ComparedColumn column) {
    String id = column.zone().getId();
    return " AT TIME ZONE "
        + (column.zone() instanceof ZoneOffset && !id.equals("Z")
            ? "INTERVAL '" + id + "'"
            : "'" + (id.equals("Z") ? "UTC" : id.replace("'", "''")) + "'");
  }

  private static String array(ColumnType array, SideColumn actual, String name) {
    ColumnType element = array;
    while (element.kind() == Kind.ARRAY) {
      element = element.element();
    }
    String type =
        switch (element.kind()) {
          case BOOLEAN -> "boolean";
          case SMALLINT, INTEGER, BIGINT -> "bigint";
          case DECIMAL -> "numeric";
          case REAL -> "real";
          case DOUBLE -> "double precision";
          case UUID -> "uuid";
          case JSON -> "jsonb";
          case BYTES -> "bytea";
          case DATE -> "date";
          case TIME -> "time";
          case TIME_TZ -> "timetz";
          case TIMESTAMP -> "timestamp";
          case TIMESTAMP_TZ -> "timestamptz";
          case OPAQUE -> opaque(element);
          case TEXT, ARRAY -> "text";
        };
    return actual.isArray() ? "CAST(" + name + " AS " + type + "[])" : cast(name, type + "[]");
  }

  private static String opaque(ColumnType type) {
    return type.name().startsWith("bit") ? "varbit" : type.name();
  }

  /** A name as statements have it, whatever is in it. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private CanonicalSql() {}
}
