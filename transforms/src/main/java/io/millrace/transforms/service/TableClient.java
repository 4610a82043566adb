package io.millrace.transforms.service;

import io.millrace.transforms.warehouse.RowReader;
import io.millrace.transforms.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.KV;
import org.apache.commons.dbcp2.PoolableConnection;
import org.apache.commons.dbcp2.PoolableConnectionFactory;
import org.apache.commons.dbcp2.PoolingDataSource;
import org.apache.commons.pool2.impl.GenericObjectPool;

/** Asks a table, each call by a connection of a pool. */
final class TableClient<K, R> implements ServiceClient<K, R> {
  /** The SQLStates of data that makes no sense, such as text that is no UUID. */
  private static final String DATA_ERROR = "22";

  private static final int MOST_IDLE = 64;

  private final GenericObjectPool<PoolableConnection> pool;
  private final PoolingDataSource<PoolableConnection> connections;
  private final String query;
  private final String keyType;
  private final int timeoutSeconds;
  private final RowReader<KV<K, R>> row;

  TableClient(
      Warehouse database,
      String query,
      String keyType,
      int timeoutSeconds,
      RowReader<KV<K, R>> row) {
    this.query = query;
    this.keyType = keyType;
    this.timeoutSeconds = timeoutSeconds;
    this.row = row;
    PoolableConnectionFactory factory = new PoolableConnectionFactory(database::connect, null);
    factory.setDefaultAutoCommit(true);
    factory.setDefaultReadOnly(true);
    pool = new GenericObjectPool<>(factory);
    // There are as many as there are calls at a time.
    pool.setMaxTotal(-1);
    pool.setMaxIdle(MOST_IDLE);
    factory.setPool(pool);
    connections = new PoolingDataSource<>(pool);
  }

  @Override
  public Map<K, R> call(List<K> keys) throws SQLException, RefusedCallException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setQueryTimeout(timeoutSeconds);
      statement.setArray(1, connection.createArrayOf(keyType, keys.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        Map<K, R> answers = new HashMap<>();
        while (rows.next()) {
          KV<K, R> answer = row.read(rows);
          if (answers.put(answer.getKey(), answer.getValue()) != null) {
            throw new RefusedCallException("the table has two rows of the key");
          }
        }
        return answers;
      }
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith(DATA_ERROR)) {
        throw new RefusedCallException(
            "the key makes no sense to the database (SQLState " + e.getSQLState() + ")", e);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
