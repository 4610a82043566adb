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

/** Patches as arrays, one after the other, to be bound to a statement. */
final class PatchArrays {
  /** How long a value is that has no length of its own, about. */
  private static final int TYPICAL_BYTES = 16;

  private final TargetTable table;
  private final List<RowPatch> patches;
  private final List<Parameter> parameters = new ArrayList<>();

  private interface Parameter {
    void bind(PreparedStatement statement, int index) throws SQLException;
  }

  PatchArrays(TargetTable table, List<RowPatch> patches) {
    this.table = table;
    this.patches = patches;
  }

  /** Binds the arrays as a statement's first parameters. */
  void bind(PreparedStatement statement) throws SQLException {
    bind(statement, 0);
  }

  /** Binds the arrays as the parameters behind those of others. */
  void bindBehind(PatchArrays others, PreparedStatement statement) throws SQLException {
    bind(statement, others.parameters.size());
  }

  private void bind(PreparedStatement statement, int bound) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).bind(statement, bound + i + 1);
    }
  }

  /** A text that is not an array. */
  PatchArrays text(String text) {
    parameters.add((statement, index) -> statement.setString(index, text));
    return this;
  }

  PatchArrays keys() {
    for (int column = 0; column < table.key().size(); column++) {
      int place = column;
      bind(BoundType.of(table.key().get(column).type()), patch -> patch.keyValue(place));
    }
    return this;
  }

  PatchArrays values() {
    for (int value = 0; value < table.valueNames().size(); value++) {
      int place = value;
      bind(BoundType.of(table.valueTypes().get(value)), patch -> patch.value(place));
    }
    return this;
  }

  PatchArrays positions(Function<RowPatch, Position> position) {
    return bytes(patch -> position.apply(patch).bytes());
  }

  PatchArrays bytes(Function<RowPatch, byte[]> bytes) {
    return bind(BoundType.BYTES, bytes::apply);
  }

  PatchArrays times() {
    return times(RowPatch::committedAt).times(RowPatch::receivedAt);
  }

  private PatchArrays times(ToLongFunction<RowPatch> micros) {
    BinaryArray array = new BinaryArray(BoundType.TIMESTAMP_TZ, patches.size(), Long.BYTES);
    for (RowPatch patch : patches) {
      long time = micros.applyAsLong(patch);
      if (time == ChangeEvent.NO_TIME) {
        array.addNull();
      } else {
        array.addLong(BoundType.micros(time));
      }
    }
    return bind(BoundType.TIMESTAMP_TZ, array);
  }

  PatchArrays flags(Predicate<RowPatch> flag) {
    BinaryArray array = new BinaryArray(BoundType.BOOLEAN, patches.size(), 1);
    for (RowPatch patch : patches) {
      array.addBoolean(flag.test(patch));
    }
    return bind(BoundType.BOOLEAN, array);
  }

  PatchArrays texts(Function<RowPatch, @Nullable String> text) {
    return bind(BoundType.TEXT, text::apply);
  }

  private PatchArrays bind(BoundType type, Function<RowPatch, @Nullable Object> value) {
    BinaryArray array = new BinaryArray(type, patches.size(), TYPICAL_BYTES);
    for (RowPatch patch : patches) {
      type.addValue(value.apply(patch), array);
    }
    return bind(type, array);
  }

  private PatchArrays bind(BoundType type, BinaryArray array) {
    parameters.add(
        (statement, index) ->
            statement.setArray(index, array.toArray(statement.getConnection(), type)));
    return this;
  }
}
