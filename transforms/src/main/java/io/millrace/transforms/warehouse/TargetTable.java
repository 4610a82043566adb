package io.millrace.transforms.warehouse;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.contract.WithoutKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of the contract as it stands in the warehouse. Its <em>values</em> are the columns
 * outside the key, in the contract's order, and {@link SystemColumns#EXTRA} as the last of them.
 */
final class TargetTable {
  /** The custom property of a table that names its view of live rows. */
  static final String LIVE_VIEW = "liveView";

  /** The custom property of a table that names its table of all changes. */
  static final String CHANGES_TABLE = "changesTable";

  /** The custom property of a table that names its view of versions. */
  static final String HISTORY_VIEW = "historyView";

  /** The custom property of a table that names its function of versions as of a time. */
  static final String AS_OF_FUNCTION = "asOfFunction";

  private static final ColumnType EXTRA_TYPE = ColumnType.parse("jsonb");

  private final TableContract contract;
  private final String schema;
  private final List<Integer> valueIndexes;
  private final List<String> valueNames;
  private final List<ColumnType> valueTypes;
  private final List<String> filledNames = new ArrayList<>();

  TargetTable(TableContract contract, String schema) {
    this.contract = contract;
    this.schema = schema;
    List<ColumnContract> columns = contract.columns();
    this.valueIndexes =
        IntStream.range(0, columns.size()).filter(i -> !columns.get(i).isKey()).boxed().toList();
    List<String> names = new ArrayList<>();
    List<ColumnType> types = new ArrayList<>();
    for (int index : valueIndexes) {
      names.add(columns.get(index).name());
      types.add(columns.get(index).type());
    }
    names.add(SystemColumns.EXTRA);
    types.add(EXTRA_TYPE);
    this.valueNames = List.copyOf(names);
    this.valueTypes = List.copyOf(types);
    for (String name : names) {
      filledNames.add(
          '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(name)) + "\":");
    }
  }

  TableContract contract() {
    return contract;
  }

  String schema() {
    return schema;
  }

  String name() {
    return contract.name();
  }

  /** The name under which Millrace's own tables refer to this one. */
  String qualifiedName() {
    return schema + "." + name();
  }

  /** The view of the rows that are not deleted. */
  String liveView() {
    return contract.customProperties().getOrDefault(LIVE_VIEW, name() + "_live");
  }

  /** The table of all changes, where a history is kept. */
  String changesTable() {
    return contract.customProperties().getOrDefault(CHANGES_TABLE, name() + "_changes");
  }

  /** The view of all versions, where a history is kept. */
  String historyView() {
    return contract.customProperties().getOrDefault(HISTORY_VIEW, name() + "_history");
  }

  /** The function that answers the versions as of a time, where a history is kept. */
  String asOfFunction() {
    return contract.customProperties().getOrDefault(AS_OF_FUNCTION, name() + "_as_of");
  }

  /** The numbers of the values whose changes open a version. */
  List<Integer> trackedValues() {
    List<String> tracked = contract.trackedColumns();
    return IntStream.range(0, valueIndexes.size())
        .filter(i -> tracked.contains(valueNames.get(i)))
        .boxed()
        .toList();
  }

  /** The columns of the view of live rows: all but what stands for a key that there is not. */
  List<String> shownColumns() {
    return contract.columns().stream()
        .map(ColumnContract::name)
        .filter(name -> !name.equals(WithoutKey.COLUMN))
        .toList();
  }

  List<ColumnContract> key() {
    return contract.keyColumns().stream().map(contract.columns()::get).toList();
  }

  /** The columns of the contract that are values, by their index in it. */
  List<Integer> valueIndexes() {
    return valueIndexes;
  }

  /** The values' names, the extra column last. */
  List<String> valueNames() {
    return valueNames;
  }

  List<ColumnType> valueTypes() {
    return valueTypes;
  }

  /** A value's name as an element of an array in PostgreSQL's text form. */
  String arrayElement(int value) {
    return '"' + valueNames.get(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The beginning of a value's entry in the {@link SystemColumns#FILLED} JSON. */
  String filledName(int value) {
    return filledNames.get(value);
  }
}
