package io.millrace.schemas.format;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.schemas.contract.Metadata;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Adds a table's computed and metadata columns to the images of its rows, so that whatever follows
 * sees columns like others. Of a row as it was, and of a key beside a row, only the columns of the
 * key matter: what else cannot be computed is left out there.
 */
final class DerivedColumns {
  private final List<ColumnContract> metadata = new ArrayList<>();
  private final List<ComputedColumn> computed = new ArrayList<>();
  private final List<ColumnContract> inputs;
  private final ImageReaders readers;
  private final EventMetadata event;
  private final boolean ignoresNullUpdates;
  private final @Nullable RowIdentity identity;

  private DerivedColumns(TableContract table, String sourceTable) {
    this.event = new EventMetadata(sourceTable);
    this.identity = RowIdentity.of(table, sourceTable);
    this.ignoresNullUpdates = table.ignoresNullUpdates() && identity == null;
    Set<ColumnContract> needed = new LinkedHashSet<>();
    for (ColumnContract column : table.columns()) {
      if (column.metadata() != null) {
        metadata.add(column);
      } else if (column.transformLogic() != null) {
        ComputedColumn expression = new ComputedColumn(column, table);
        computed.add(expression);
        needed.addAll(expression.inputs());
      }
    }
    this.inputs = List.copyOf(needed);
    computed.forEach(column -> column.takeInputsFrom(inputs));
    this.readers = new ImageReaders(table.withColumns(inputs), UnknownColumns.IGNORE);
  }

  /**
   * The derived columns of a table, or null if it has none.
   *
   * @param sourceTable the table as the source names it, whose rows go to the contract's table
   */
  static @Nullable DerivedColumns of(TableContract table, String sourceTable) {
    return table.columns().stream().anyMatch(ColumnContract::isDerived)
        ? new DerivedColumns(table, sourceTable)
        : null;
  }

  /** Whether a column of this name (at the source) is derived. */
  boolean has(String physicalName) {
    return Stream.concat(metadata.stream(), computed.stream().map(ComputedColumn::contract))
        .anyMatch(column -> column.physicalName().equals(physicalName));
  }

  /** What identifies a row if the table has no key, or null. */
  @Nullable RowIdentity identity() {
    return identity;
  }

  /** Whether a column tells what happened to its row. */
  boolean tellsOperations() {
    return metadata.stream().anyMatch(column -> column.metadata() == Metadata.OPERATION);
  }

  /** Starts with an event, whose images follow. */
  void begin(ChangeEvent.Builder builder, Operation operation) {
    event.set(builder, operation);
  }

  /**
   * The row as it is, with all derived columns, but for those whose inputs are unchanged.
   *
   * @param before the row as it was, which has the values of inputs that did not change
   * @param key the key beside the row, which the row need not repeat
   * @throws RejectedRecordException if a column has no value for this row, or only some of its
   *     inputs are there
   */
  @Nullable Image row(@Nullable Image row, @Nullable Image before, RowChanges.MessageKey key) {
    return row == null ? null : extend(row, before, key, false);
  }

  /** The row as it was, with the derived columns of the key. */
  @Nullable Image rowBefore(@Nullable Image before) {
    return before == null ? null : extend(before, null, null, true);
  }

  /** The key beside a row, with the derived columns of the key; the rows have what it lacks. */
  RowChanges.MessageKey key(
      RowChanges.MessageKey key, @Nullable Image row, @Nullable Image before) {
    return () -> {
      Image image = key.image();
      return image == null ? null : extend(image, row == null ? before : row, null, true);
    };
  }

  private Image extend(
      Image image,
      @Nullable Image otherwise,
      RowChanges.@Nullable MessageKey key,
      boolean isForKey) {
    @Nullable Object[] values = new Object[inputs.size()];
    boolean[] supplied = new boolean[values.length];
    int missing =
        values.length == 0
            ? 0
            : read(image, values, supplied, ignoresNullUpdates && event.isUpdate());
    if (missing > 0 && otherwise != null) {
      missing = read(otherwise, values, supplied, true);
    }
    if (missing > 0 && key != null) {
      readKey(key, values, supplied);
    }
    StringBuilder json = new StringBuilder();
    for (ColumnContract column : metadata) {
      if (!isForKey || column.isKey()) {
        append(json, column, value(column, image));
      }
    }
    for (ComputedColumn column : computed) {
      if (isForKey ? column.isKey() && column.hasAll(supplied) : column.isComputable(supplied)) {
        append(json, column.contract(), column.compute(values));
      }
    }
    return json.isEmpty() ? image : with(image, json);
  }

  private @Nullable Object value(ColumnContract column, Image image) {
    return column.metadata() == Metadata.ROW
        ? identity.of(image, (String) event.value(Metadata.POSITION))
        : event.value(column.metadata());
  }

  /** Takes what the row does not repeat; a key that cannot be read does not matter to a row. */
  private void readKey(RowChanges.MessageKey key, @Nullable Object[] values, boolean[] supplied) {
    try {
      Image image = key.image();
      if (image != null) {
        read(image, values, supplied, true);
      }
    } catch (RejectedRecordException e) {
      // The row stands without it, or is rejected for what it lacks.
    }
  }

  /**
   * Takes what is not supplied yet; nulls may stand for what is unchanged or unknown.
   *
   * @return how many are still missing
   */
  private int read(
      Image image, @Nullable Object[] values, boolean[] supplied, boolean withoutNulls) {
    Columns columns = readers.of(image).read(image);
    int missing = 0;
    for (int i = 0; i < values.length; i++) {
      boolean isThere = withoutNulls ? columns.value(i) != null : columns.isSupplied(i);
      if (!supplied[i] && isThere) {
        supplied[i] = true;
        values[i] = plain(inputs.get(i).type(), columns.value(i));
      }
      missing += supplied[i] ? 0 : 1;
    }
    return missing;
  }

  /** The value in one form, however the source wrote it: with the type's digits, unpadded. */
  static @Nullable Object plain(ColumnType type, @Nullable Object value) {
    if (value instanceof BigDecimal number && type.scale() >= number.scale()) {
      return number.setScale(type.scale());
    }
    boolean isPadded = Set.of("char", "character", "bpchar").contains(type.name());
    return value instanceof String text && isPadded ? text.replaceFirst(" +$", "") : value;
  }

  private static void append(StringBuilder json, ColumnContract column, @Nullable Object value) {
    json.append(',').append(quoted(column.physicalName())).append(':');
    boolean isBare =
        value == null
            || value instanceof Boolean
            || (value instanceof BigDecimal && column.type().kind() != Kind.TEXT);
    String text =
        value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
    json.append(isBare ? text : quoted(text));
  }

  private static String quoted(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** The image with these fields, each after a comma, as its last. */
  private static Image with(Image image, StringBuilder fields) {
    int last = image.offset() + image.length() - 1;
    int before = last - 1;
    while (before >= image.offset() && image.buffer()[before] <= ' ') {
      before--;
    }
    if (before < image.offset() || image.buffer()[last] != '}') {
      throw new RejectedRecordException(Reason.MALFORMED, "a row image is not a JSON object");
    }
    if (image.buffer()[before] == '{') {
      fields.deleteCharAt(0);
    }
    byte[] added = fields.append('}').toString().getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOfRange(image.buffer(), image.offset(), last + added.length);
    System.arraycopy(added, 0, bytes, last - image.offset(), added.length);
    return Image.of(bytes, 0, bytes.length, image.encoding());
  }
}
