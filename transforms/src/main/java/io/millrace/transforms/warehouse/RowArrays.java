package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Rows as arrays, one after the other, to be bound to a statement. */
final class RowArrays<R> {
  /** How long a value is that has no length of its own, about. */
  private static final int TYPICAL_BYTES = 16;

  private final TargetTable table;
  private final List<R> rows;
  private final List<Parameter> parameters = new ArrayList<>();

  private interface Parameter {
    void bind(PreparedStatement statement, int index) throws SQLException;
  }

  /** Finds the value of a row's column, by the column's place among those of its kind. */
  interface Cells<R> {
    @Nullable Object at(R row, int place);
  }

  RowArrays(TargetTable table, List<R> rows) {
    this.table = table;
    this.rows = rows;
  }

  /** Binds the arrays as a statement's first parameters. */
  void bind(PreparedStatement statement) throws SQLException {
    bind(statement, 0);
  }

  /** Binds the arrays as the parameters behind those of others. */
  void bindBehind(RowArrays<R> others, PreparedStatement statement) throws SQLException {
    bind(statement, others.parameters.size());
  }

  private void bind(PreparedStatement statement, int bound) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).bind(statement, bound + i + 1);
    }
  }

  /** A text that is not an array. */
  RowArrays<R> text(String text) {
    parameters.add((statement, index) -> statement.setString(index, text));
    return this;
  }

  RowArrays<R> keys(Cells<R> cells) {
    for (int column = 0; column < table.key().size(); column++) {
      int place = column;
      bind(BoundType.of(table.key().get(column).type()), row -> cells.at(row, place));
    }
    return this;
  }

  RowArrays<R> values(Cells<R> cells) {
    for (int value = 0; value < table.valueNames().size(); value++) {
      int place = value;
      bind(BoundType.of(table.valueTypes().get(value)), row -> cells.at(row, place));
    }
    return this;
  }

  RowArrays<R> positions(Function<R, Position> position) {
    return bytes(row -> position.apply(row).bytes());
  }

  RowArrays<R> bytes(Function<R, byte[]> bytes) {
    return bind(BoundType.BYTES, bytes::apply);
  }

  /** Times in microseconds since 1970; {@link ChangeEvent#NO_TIME} is null. */
  RowArrays<R> times(ToLongFunction<R> micros) {
    BinaryArray array = new BinaryArray(BoundType.TIMESTAMP_TZ, rows.size(), Long.BYTES);
    for (R row : rows) {
      long time = micros.applyAsLong(row);
      if (time == ChangeEvent.NO_TIME) {
        array.addNull();
      } else {
        array.addLong(BoundType.micros(time));
      }
    }
    return bind(BoundType.TIMESTAMP_TZ, array);
  }

  RowArrays<R> flags(Predicate<R> flag) {
    BinaryArray array = new BinaryArray(BoundType.BOOLEAN, rows.size(), 1);
    for (R row : rows) {
      array.addBoolean(flag.test(row));
    }
    return bind(BoundType.BOOLEAN, array);
  }

  /** The rows' numbers, from 1. */
  RowArrays<R> numbers() {
    BinaryArray array = new BinaryArray(BoundType.INTEGER, rows.size(), Integer.BYTES);
    for (int i = 1; i <= rows.size(); i++) {
      array.addInt(i);
    }
    return bind(BoundType.INTEGER, array);
  }

  RowArrays<R> texts(Function<R, @Nullable String> text) {
    return bind(BoundType.TEXT, text::apply);
  }

  private RowArrays<R> bind(BoundType type, Function<R, @Nullable Object> value) {
    BinaryArray array = new BinaryArray(type, rows.size(), TYPICAL_BYTES);
    for (R row : rows) {
      type.addValue(value.apply(row), array);
    }
    return bind(type, array);
  }

  private RowArrays<R> bind(BoundType type, BinaryArray array) {
    parameters.add(
        (statement, index) ->
            statement.setArray(index, array.toArray(statement.getConnection(), type)));
    return this;
  }
}
