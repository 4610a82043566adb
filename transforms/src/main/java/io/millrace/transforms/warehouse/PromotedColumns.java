package io.millrace.transforms.warehouse;

import static io.millrace.transforms.warehouse.PostgresDialect.literal;

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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives columns the values that {@code _extra} holds under the names which the contract says they
 * have at the source: columns that were just added, and those that had another name before.
 *
 * <p>A value moves over where the column is open, so where the change that brought the value left
 * the column out; the row is then as if the contract had always been so. A column that was just
 * added is open in every row: where {@code _extra} has nothing, it stays a gap, which reading the
 * source's log again fills.
 *
 * <p>{@code _extra} does not say how a value was encoded. What the contract's settings of the
 * column and the table do not decode to its type stays in {@code _extra}.
 */
final class PromotedColumns {
  private static final Logger LOG = LoggerFactory.getLogger(PromotedColumns.class);
  private static final int PAGE = 5_000;

  private final TargetTable target;
  private final Dialect dialect;
  private final String table;
  private final String locked;
  private final ImageReader reader;
  private final Gaps gaps;

  /**
   * How a table notes that a row has no value for a column, whose name is %s.
   *
   * @param note sets that every row has none
   * @param isOpen whether a row has none of its newest upsert, or a change none of its own
   * @param forget what to set where it has one after all
   */
  private record Gaps(String note, String isOpen, String forget) {
    static final Gaps OF_ROWS =
        new Gaps(
            "\"_filled\" = coalesce(\"_filled\", '{}') || jsonb_build_object(%s, '')"
                // A deleted row that nothing has supplied has nothing but gaps already.
                + " WHERE \"_filled\" ->> '*' IS DISTINCT FROM ''",
            // The newest upsert supplied _extra, as it does all that has no entry.
            "\"_filled\" -> %s IS NOT NULL", "\"_filled\" = nullif(t.\"_filled\" - %s, '{}')");

    static final Gaps OF_CHANGES =
        new Gaps(
            "\"_unchanged\" = coalesce(\"_unchanged\", '{}') || %s::text, \"_digest\" = NULL"
                + " WHERE \"_operation\" IN ('U', 'R')",
            "%s = ANY (\"_unchanged\")",
            "\"_unchanged\" = nullif(array_remove(t.\"_unchanged\", %s), '{}')");
  }

  private PromotedColumns(TargetTable target, Dialect dialect, String table, Gaps gaps) {
    TableContract contract = target.contract();
    String schema = dialect.quote(target.schema()) + ".";
    this.target = target;
    this.dialect = dialect;
    this.table = schema + dialect.quote(table);
    // A writer takes them in this order.
    String rows = schema + dialect.quote(target.name());
    this.locked = rows.equals(this.table) ? rows : rows + ", " + this.table;
    this.gaps = gaps;
    this.reader = new ImageReader(contract, ImageEncoding.DEBEZIUM, UnknownColumns.IGNORE);
  }

  /** Those of a table of current rows. */
  static PromotedColumns ofRows(TargetTable target, Dialect dialect) {
    return new PromotedColumns(target, dialect, target.name(), Gaps.OF_ROWS);
  }

  /** Those of a table of all changes, whose versions are not right until they are settled anew. */
  static PromotedColumns ofChanges(TargetTable target, Dialect dialect) {
    return new PromotedColumns(target, dialect, target.changesTable(), Gaps.OF_CHANGES);
  }

  /** Fills a column that was just added, whose table no one else can see until this commits. */
  void fillAdded(Connection connection, ColumnContract column) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE " + table + " SET " + gaps.note().formatted(literal(column.name())));
    }
    if (!column.isDerived()) {
      // What _extra has under the name of a derived one is a column of the source's.
      move(connection, column);
    }
  }

  /**
   * Fills columns that a table has already, and that may have had another name at the source.
   * Others wait for the table until this commits, if there is anything to do.
   *
   * @return the columns of which values have moved
   */
  List<ColumnContract> fillRenamed(Connection connection, ExistingTable existing)
      throws SQLException {
    List<ColumnContract> renamed =
        target.contract().columns().stream()
            .filter(column -> existing.columns().containsKey(column.name()) && isRenamed(column))
            .toList();
    if (renamed.isEmpty() || !isAnyHeld(connection, renamed)) {
      return List.of();
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE " + locked);
    }
    List<ColumnContract> filled = new ArrayList<>();
    for (ColumnContract column : renamed) {
      if (move(connection, column) > 0) {
        filled.add(column);
      }
    }
    return filled;
  }

  private boolean isRenamed(ColumnContract column) {
    return !column.isKey()
        && !column.isDerived()
        && (target.contract().isCaseInsensitive() || !column.physicalName().equals(column.name()));
  }

  private boolean isAnyHeld(Connection connection, List<ColumnContract> columns)
      throws SQLException {
    String anyHeld = columns.stream().map(this::isHeld).collect(Collectors.joining(" OR "));
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM %s WHERE \"_extra\" IS NOT NULL AND (%s))"
                    .formatted(table, anyHeld))) {
      found.next();
      return found.getBoolean(1);
    }
  }

  /** Whether a column is open and {@code _extra} has a value for it. */
  private String isHeld(ColumnContract column) {
    String value = "\"_extra\" -> " + nameInExtra(column, "\"_extra\"");
    // A null that an update may have brought says nothing where those are ignored.
    String isValue = target.contract().ignoresNullUpdates() ? " <> 'null'" : " IS NOT NULL";
    return "(" + gaps.isOpen().formatted(literal(column.name())) + " AND " + value + isValue + ")";
  }

  /** Moves a column's values over; answers how many. */
  private long move(Connection connection, ColumnContract column) throws SQLException {
    long moved = 0;
    long left = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(PAGE);
      ResultSet rows =
          statement.executeQuery(
              "SELECT ctid::text, (\"_extra\" -> "
                  + nameInExtra(column, "\"_extra\"")
                  + ")::text FROM "
                  + table
                  + " WHERE "
                  + isHeld(column));
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
    return moved;
  }

  /** The name that a column has in {@code _extra}, as SQL; the exact one before one in any case. */
  private String nameInExtra(ColumnContract column, String extra) {
    String name = literal(column.physicalName());
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
                + gaps.forget().formatted(literal(column.name()))
                + " FROM unnest(?::text[], ?::text[]) AS u(c, v) WHERE t.ctid = u.c::tid")) {
      statement.setArray(1, connection.createArrayOf("text", places.toArray()));
      statement.setArray(2, connection.createArrayOf("text", values.toArray()));
      statement.executeUpdate();
    }
    places.clear();
    values.clear();
  }
}
