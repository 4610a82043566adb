package io.millrace.pipelines.detect;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Derivation;
import io.millrace.schemas.contract.TableContract;
import java.util.LinkedHashMap;

/** A table of the contract that holds alerts, and what each of its columns tells of them. */
final class AlertTable {
  private final TableContract table;
  private final LinkedHashMap<String, AlertField> fields = new LinkedHashMap<>();

  private AlertTable(TableContract table) {
    this.table = table;
  }

  /**
   * A table of kind alerts.
   *
   * @throws LaunchException if a column tells nothing of alerts, or the key is not their id
   */
  static AlertTable of(TableContract table) {
    AlertTable alerts = new AlertTable(table);
    for (ColumnContract column : table.columns()) {
      alerts.add(column);
    }
    if (table.keyColumns().size() != 1 || alerts.fields.get(alerts.idField()) != AlertField.ID) {
      throw LaunchException.input(
          "table "
              + table.name()
              + ": an alert's row is known by its id; mark the column with value: id, and no other,"
              + " with primaryKey: true");
    }
    return alerts;
  }

  private void add(ColumnContract column) {
    Derivation derivation = Derivation.of(column);
    String function =
        derivation.function().equals(Derivation.COLUMN)
            ? derivation.arguments().get(0)
            : derivation.toString();
    AlertField field =
        AlertField.of(function)
            .orElseThrow(
                () ->
                    fault(
                        column,
                        "has the value "
                            + function
                            + ", which alerts do not; known are "
                            + AlertField.known()));
    if (!field.fits(column.type().kind())) {
      throw fault(
          column, "is of type " + column.type() + "; " + function + " is of type " + field.type());
    }
    fields.put(column.physicalName(), field);
  }

  private LaunchException fault(ColumnContract column, String problem) {
    return LaunchException.input(
        "table " + table.name() + ": the column " + column.name() + " " + problem);
  }

  TableContract table() {
    return table;
  }

  /** The field of {@link #rows} that is the id. */
  String idField() {
    return table.columns().get(table.keyColumns().get(0)).physicalName();
  }

  /** The name of the event whose alerts these are. */
  String from() {
    return table.derived().orElseThrow().from();
  }

  /** Makes the rows, whose fields are named as the columns' physical names. */
  AlertRows rows() {
    return new AlertRows(fields);
  }
}
