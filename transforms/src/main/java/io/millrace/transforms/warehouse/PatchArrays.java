package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Binds patches to a statement as arrays, one after the other. */
final class PatchArrays {
  private final TargetTable table;
  private final List<RowPatch> patches;
  private final Connection connection;
  private final PreparedStatement statement;
  private int parameter;

  PatchArrays(TargetTable table, List<RowPatch> patches, PreparedStatement statement)
      throws SQLException {
    this.table = table;
    this.patches = patches;
    this.connection = statement.getConnection();
    this.statement = statement;
  }

  /** A text that is not an array. */
  PatchArrays text(String text) throws SQLException {
    statement.setString(++parameter, text);
    return this;
  }

  PatchArrays keys() throws SQLException {
    for (int column = 0; column < table.contract().keyColumns().size(); column++) {
      int place = column;
      texts(patch -> patch.keyValue(place));
    }
    return this;
  }

  PatchArrays values() throws SQLException {
    for (int value = 0; value < table.valueNames().size(); value++) {
      int place = value;
      texts(patch -> patch.value(place));
    }
    return this;
  }

  PatchArrays positions(Function<RowPatch, Position> position) throws SQLException {
    return bytes(patch -> position.apply(patch).bytes());
  }

  PatchArrays bytes(Function<RowPatch, byte[]> bytes) throws SQLException {
    return bind("bytea", patches.stream().map(bytes).toArray(byte[][]::new));
  }

  PatchArrays times() throws SQLException {
    return micros(RowPatch::committedAt).micros(RowPatch::receivedAt);
  }

  private PatchArrays micros(ToLongFunction<RowPatch> micros) throws SQLException {
    Long[] array = new Long[patches.size()];
    for (int i = 0; i < array.length; i++) {
      long time = micros.applyAsLong(patches.get(i));
      array[i] = time == ChangeEvent.NO_TIME ? null : (Long) time;
    }
    return bind("int8", array);
  }

  PatchArrays flags(Predicate<RowPatch> flag) throws SQLException {
    boolean[] array = new boolean[patches.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = flag.test(patches.get(i));
    }
    return bind("bool", array);
  }

  PatchArrays texts(Function<RowPatch, String> text) throws SQLException {
    String[] array = new String[patches.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = text.apply(patches.get(i));
    }
    return bind("text", array);
  }

  private PatchArrays bind(String type, Object array) throws SQLException {
    statement.setArray(
        ++parameter,
        connection.unwrap(org.postgresql.PGConnection.class).createArrayOf(type, array));
    return this;
  }
}
