package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Binds patches to a statement as arrays, one after the other. */
final class PatchArrays {
  /** How long a value is that has no length of its own, about. */
  private static final int TYPICAL_BYTES = 16;

  private final TargetTable table;
  private final List<RowPatch> patches;
  private final PreparedStatement statement;
  private int parameter;

  PatchArrays(TargetTable table, List<RowPatch> patches, PreparedStatement statement) {
    this.table = table;
    this.patches = patches;
    this.statement = statement;
  }

  /** A text that is not an array. */
  PatchArrays text(String text) throws SQLException {
    statement.setString(++parameter, text);
    return this;
  }

  PatchArrays keys() throws SQLException {
    for (int column = 0; column < table.key().size(); column++) {
      int place = column;
      bind(BoundType.of(table.key().get(column).type()), patch -> patch.keyValue(place));
    }
    return this;
  }

  PatchArrays values() throws SQLException {
    for (int value = 0; value < table.valueNames().size(); value++) {
      int place = value;
      bind(BoundType.of(table.valueTypes().get(value)), patch -> patch.value(place));
    }
    return this;
  }

  PatchArrays positions(Function<RowPatch, Position> position) throws SQLException {
    return bytes(patch -> position.apply(patch).bytes());
  }

  PatchArrays bytes(Function<RowPatch, byte[]> bytes) throws SQLException {
    return bind(BoundType.BYTES, bytes::apply);
  }

  PatchArrays times() throws SQLException {
    return times(RowPatch::committedAt).times(RowPatch::receivedAt);
  }

  private PatchArrays times(ToLongFunction<RowPatch> micros) throws SQLException {
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

  PatchArrays flags(Predicate<RowPatch> flag) throws SQLException {
    BinaryArray array = new BinaryArray(BoundType.BOOLEAN, patches.size(), 1);
    for (RowPatch patch : patches) {
      array.addBoolean(flag.test(patch));
    }
    return bind(BoundType.BOOLEAN, array);
  }

  PatchArrays texts(Function<RowPatch, @Nullable String> text) throws SQLException {
    return bind(BoundType.TEXT, text::apply);
  }

  private PatchArrays bind(BoundType type, Function<RowPatch, @Nullable Object> value)
      throws SQLException {
    BinaryArray array = new BinaryArray(type, patches.size(), TYPICAL_BYTES);
    for (RowPatch patch : patches) {
      type.addValue(value.apply(patch), array);
    }
    return bind(type, array);
  }

  private PatchArrays bind(BoundType type, BinaryArray array) throws SQLException {
    statement.setArray(++parameter, array.toArray(statement.getConnection(), type));
    return this;
  }
}
