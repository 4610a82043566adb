package io.millrace.pipelines.audit;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A statement in the making, and the texts that are bound to it. */
final class BoundSql {
  private final StringBuilder sql = new StringBuilder();
  private final List<Object> bound = new ArrayList<>();

  BoundSql append(String text) {
    sql.append(text);
    return this;
  }

  BoundSql append(BoundSql other) {
    sql.append(other.sql);
    bound.addAll(other.bound);
    return this;
  }

  /** Appends a parameter: a text, cast to a type. */
  BoundSql bind(String text, String type) {
    sql.append("CAST(? AS ").append(type).append(')');
    bound.add(text);
    return this;
  }

  /** Appends a parameter: texts, cast to an array of a type. */
  BoundSql bindArray(List<String> texts, String type) {
    sql.append("CAST(? AS ").append(type).append("[])");
    bound.add(texts.toArray(new String[0]));
    return this;
  }

  /** The statement, ready to be executed; the caller closes it. */
  PreparedStatement prepare(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql.toString());
    for (int i = 0; i < bound.size(); i++) {
      if (bound.get(i) instanceof String[] texts) {
        Array array = connection.createArrayOf("text", texts);
        statement.setArray(i + 1, array);
      } else {
        statement.setString(i + 1, (String) bound.get(i));
      }
    }
    return statement;
  }

  @Override
  public String toString() {
    return sql.toString();
  }
}
