package io.millrace.transforms.warehouse;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the rows of a table the values of a column that the contract has newly named. Where {@code
 * _extra} holds the column, its value moves over; elsewhere the column is noted as a gap that
 * nothing has filled, so that reading the source's log again fills it.
 *
 * <p>{@code _extra} does not say how a value was encoded. What the contract's settings of the
 * column and the table do not decode to its type stays in {@code _extra}.
 */
final class AddedColumns {
  private static final Logger LOG = LoggerFactory.getLogger(AddedColumns.class);
  private static final int PAGE = 5_000;

  private final TargetTable target;
  private final Dialect dialect;
  private final String table;
  private final ImageReader reader;

  private final Gaps gaps;

  /**
   * How a table notes that a row has no value for a column.
   *
   * @param note sets that every row has none for the column named %s
   * @param forget what to set where a row has one after all
   */
  private record Gaps(String note, String forget) {
    static final Gaps OF_ROWS =
        new Gaps(
            "\"_filled\" = coalesce(\"_filled\", '{}') || jsonb_build_object(%s, '')"
                // A deleted row that nothing has supplied has nothing but gaps already.
                + " WHERE \"_filled\" ->> '*' IS DISTINCT FROM ''",
            "\"_filled\" = nullif(t.\"_filled\" - %s, '{}')");

    static final Gaps OF_CHANGES =
        new Gaps(
            "\"_unchanged\" = coalesce(\"_unchanged\", '{}') || %s::text, \"_digest\" = NULL"
                + " WHERE \"_operation\" IN ('U', 'R')",
            "\"_unchanged\" = nullif(array_remove(t.\"_unchanged\", %s), '{}')");
  }

  private AddedColumns(TargetTable target, Dialect dialect, String table, Gaps gaps) {
    TableContract contract = target.contract();
    this.target = target;
    this.dialect = dialect;
    this.table = dialect.quote(target.schema()) + "." + dialect.quote(table);
    this.gaps = gaps;
    this.reader = new ImageReader(contract, ImageEncoding.DEBEZIUM, UnknownColumns.IGNORE);
  }

  /** Those of a table of current rows. */
  static AddedColumns ofRows(TargetTable target, Dialect dialect) {
    return new AddedColumns(target, dialect, target.name(), Gaps.OF_ROWS);
  }

  /** Those of a table of all changes, whose versions are not right until they are settled anew. */
  static AddedColumns ofChanges(TargetTable target, Dialect dialect) {
    return new AddedColumns(target, dialect, target.changesTable(), Gaps.OF_CHANGES);
  }

  /** Fills a column that was just added, whose table no one else can see until this commits. */
  void fill(Connection connection, ColumnContract column) throws SQLException {
    String literal = PostgresDialect.literal(column.name());
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE " + table + " SET " + gaps.note().formatted(literal));
    }
    if (column.isDerived()) {
      // What _extra has under its name is a column of the source's.
      return;
    }
    String name = nameInExtra(column, "\"_extra\"");
    long moved = 0;
    long left = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(PAGE);
      ResultSet rows =
          statement.executeQuery(
              "SELECT ctid::text, (\"_extra\" -> "
                  + name
                  + ")::text FROM "
                  + table
                  + " WHERE \"_extra\" -> "
                  + name
                  + " IS NOT NULL");
      List<String> places = new ArrayList<>();
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        try {
          values.add(decode(column, rows.getString(2)));
          places.add(rows.getString(1));
          moved++;
        } catch (RejectedRecordException e) {
          left++;
        }
        if (places.size() == PAGE) {
          move(connection, column, places, values);
        }
      }
      move(connection, column, places, values);
    }
    LOG.info(
        "{}.{}: {} values moved over from _extra, {} stay there because they do not decode to {}",
        target.qualifiedName(),
        column.name(),
        moved,
        left,
        column.type());
  }

  /** The name that a column has in {@code _extra}, as SQL; the exact one before one in any case. */
  private String nameInExtra(ColumnContract column, String extra) {
    String name = PostgresDialect.literal(column.physicalName());
    return target.contract().isCaseInsensitive()
        ? "(SELECT k FROM jsonb_object_keys("
            + extra
            + ") AS k WHERE lower(k) = lower("
            + name
            + ") ORDER BY k <> "
            + name
            + " LIMIT 1)"
        : name;
  }

  private String decode(ColumnContract column, String json) {
    char[] name = JsonStringEncoder.getInstance().quoteAsString(column.physicalName());
    Image image =
        Image.ofJson("{\"" + String.valueOf(name) + "\":" + json + "}", ImageEncoding.DEBEZIUM);
    int index = target.contract().columns().indexOf(column);
    Columns columns = reader.read(image);
    if (!columns.isSupplied(index)) {
      throw new RejectedRecordException(Reason.BAD_VALUE, "the value stands for an unchanged one");
    }
    return dialect.text(columns.value(index));
  }

  private void move(
      Connection connection, ColumnContract column, List<String> places, List<String> values)
      throws SQLException {
    String name = nameInExtra(column, "t.\"_extra\"");
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE "
                + table
                + " AS t SET "
                + dialect.quote(column.name())
                + " = u.v::"
                + PostgresTypes.cast(column.type())
                + ", \"_extra\" = nullif(t.\"_extra\" - "
                + name
                + ", '{}'), "
                + gaps.forget().formatted(PostgresDialect.literal(column.name()))
                + " FROM unnest(?::text[], ?::text[]) AS u(c, v) WHERE t.ctid = u.c::tid")) {
      statement.setArray(1, connection.createArrayOf("text", places.toArray()));
      statement.setArray(2, connection.createArrayOf("text", values.toArray()));
      statement.executeUpdate();
    }
    places.clear();
    values.clear();
  }
}
