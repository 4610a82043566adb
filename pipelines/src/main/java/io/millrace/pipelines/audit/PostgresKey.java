package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.ColumnType.Kind;

/**
 * How a column of a key is written, sorted and looked up in a database.
 *
 * @param text SQL of its canonical text
 * @param sort SQL of what rows are sorted by, the same on both sides
 * @param sortType the type of that
 * @param lookup SQL of what a key is looked up by, for which there may be an index of other order
 * @param lookupType the type of that
 * @param isBare whether rows are sorted by the column itself, so that an index on it serves
 */
record PostgresKey(
    String text, String sort, String sortType, String lookup, String lookupType, boolean isBare) {

  static PostgresKey of(KeyColumn key, SideColumn actual) {
    ComparedColumn column = key.column();
    String text = CanonicalSql.text(column, actual);
    String name = CanonicalSql.quote(actual.name());
    if (!key.sortType().equals("text")) {
      String value = CanonicalSql.value(column, actual);
      return new PostgresKey(
          text, value, key.sortType(), value, key.sortType(), value.equals(name));
    }
    boolean inByteOrder = column.kind() == Kind.TEXT && actual.inByteOrder();
    String sort = inByteOrder ? text : "(" + text + ") COLLATE \"C\"";
    return switch (actual.type()) {
      case "text", "varchar" ->
          column.padded()
              ? new PostgresKey(text, sort, "text", text, "text", false)
              : new PostgresKey(text, sort, "text", name, "text", sort.equals(name));
      case "bpchar" -> new PostgresKey(text, sort, "text", name, "bpchar", false);
      default -> new PostgresKey(text, sort, "text", text, "text", false);
    };
  }
}
