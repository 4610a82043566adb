package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Begins a transaction in which nobody alters the tables: somebody who wants to waits until it
 * ends, and we wait until he is done. What their columns are by then holds for the transaction.
 */
final class HeldTables {
  private static final Set<String> NOT_TO_BE_HAD = Set.of("55P03", "40P01");

  /** What to do before trying again when others are in the way. */
  interface GiveWay {
    void now() throws SQLException;
  }

  /**
   * Holds the tables and reads their columns.
   *
   * @param connection without a transaction so far
   * @param giveWay ends what somebody may be waiting for who is before us
   */
  static void hold(Connection connection, List<Entity<?>> entities, GiveWay giveWay)
      throws SQLException {
    while (!lock(connection, entities)) {
      giveWay.now();
    }
    readColumns(connection, entities);
  }

  private static boolean lock(Connection connection, List<Entity<?>> entities) throws SQLException {
    String tables = entities.stream().map(Entity::table).collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET LOCAL lock_timeout = '1s'; LOCK TABLE "
              + tables
              + " IN ROW EXCLUSIVE MODE; SET LOCAL lock_timeout TO DEFAULT");
      return true;
    } catch (SQLException e) {
      if (!NOT_TO_BE_HAD.contains(e.getSQLState())) {
        throw e;
      }
      connection.rollback();
      return false;
    }
  }

  private static void readColumns(Connection connection, List<Entity<?>> entities)
      throws SQLException {
    Map<String, List<SourceColumn>> columns =
        SourceColumn.of(connection, entities.stream().map(Entity::table).toList());
    entities.forEach(entity -> entity.columns().are(columns.get(entity.table())));
  }

  private HeldTables() {}
}
