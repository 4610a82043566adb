package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.PostgresDialect.literal;

import io.millrace.schemas.contract.ColumnContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/**
 * Gives rows the values of a {@linkplain PromotedColumns promoted} column that only the table of
 * all changes still has: a row's {@code _extra} is that of its newest change, which may have left
 * out what an older one brought.
 */
final class RecoveredColumns {
  private final TargetTable target;
  private final Dialect dialect;

  RecoveredColumns(TargetTable target, Dialect dialect) {
    this.target = target;
    this.dialect = dialect;
  }

  /** Fills a column of rows where a change supplied it that is newer than what they have. */
  void fill(Connection connection, ColumnContract column) throws SQLException {
    String name = dialect.quote(column.name());
    String entry = literal(column.name());
    String rows = dialect.quote(target.schema()) + "." + dialect.quote(target.name());
    String changes = dialect.quote(target.schema()) + "." + dialect.quote(target.changesTable());
    String sameKey =
        target.key().stream()
            .map(key -> dialect.quote(key.name()))
            .map(key -> "c." + key + " = r." + key)
            .collect(Collectors.joining(" AND "));
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE "
              + rows
              + " AS t SET "
              + name
              + " = s."
              + name
              + ", \"_filled\" = t.\"_filled\" || jsonb_build_object("
              + entry
              + ", s.position) FROM "
              + rows
              + " AS r CROSS JOIN LATERAL (SELECT c."
              + name
              + ", "
              + PostgresSuppliers.position("c")
              + " AS position FROM "
              + changes
              + " AS c WHERE "
              + sameKey
              + " AND c.\"_operation\" IN ('U', 'R') AND ("
              + entry
              + " = ANY (c.\"_unchanged\")) IS NOT TRUE ORDER BY c.\"_position\" DESC LIMIT 1) AS s"
              + " WHERE t.ctid = r.ctid AND s.position > r.\"_filled\" ->> "
              + entry);
    }
  }
}
