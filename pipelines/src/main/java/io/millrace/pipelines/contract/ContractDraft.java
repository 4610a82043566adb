package io.millrace.pipelines.contract;

import io.millrace.pipelines.contract.SourceTable.SourceColumn;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ContractException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A contract in the making: the tables of a source as an ODCS document, and what had to be left out
 * or wants a look.
 */
final class ContractDraft {
  private static final int LONGEST_NAME = 63;

  private final List<Map<String, Object>> tables = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Set<String> tableNames = new HashSet<>();

  /** Adds a table, unless it has no key. */
  void add(SourceTable table) {
    Map<String, String> types = new LinkedHashMap<>();
    for (SourceColumn column : table.columns()) {
      if (column.generated()) {
        warnings.add(
            place(table, column)
                + " is left out: the database computes it, and change events do not have it");
      } else {
        knownType(column.type())
            .ifPresentOrElse(
                type -> types.put(column.name(), type),
                () ->
                    warnings.add(
                        place(table, column)
                            + " is left out: its type "
                            + column.type()
                            + " is not known; its values go to _extra"));
      }
    }
    if (isIdentified(table, types)) {
      tables.add(document(table, types));
    }
  }

  private boolean isIdentified(SourceTable table, Map<String, String> types) {
    if (table.key().isEmpty() || !types.keySet().containsAll(table.key())) {
      warnings.add(
          "table "
              + table.physicalName()
              + " is left out: nothing identifies its rows, neither a primary key nor a unique"
              + " index of columns that are not null; a contract may have it with the custom property"
              + " withoutKey");
      return false;
    }
    if (table.keyIndex() != null) {
      warnings.add(
          String.format(
              "table %s has no primary key; its key is taken from the index %s, which its deletes"
                  + " must carry: ALTER TABLE \"%s\".\"%s\" REPLICA IDENTITY USING INDEX \"%s\"",
              table.physicalName(),
              table.keyIndex(),
              table.schema(),
              table.name(),
              table.keyIndex()));
    }
    return true;
  }

  private Map<String, Object> document(SourceTable table, Map<String, String> types) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", free(table.name(), table.schema() + "_" + table.name(), tableNames));
    document.put("physicalName", table.physicalName());
    document.put("physicalType", "table");
    putIfPresent(document, "description", table.comment());
    Set<String> names = new HashSet<>();
    List<Map<String, Object>> properties = new ArrayList<>();
    for (SourceColumn column : table.columns()) {
      String type = types.get(column.name());
      if (type != null) {
        properties.add(property(column, type, table.key().indexOf(column.name()) + 1, names));
      }
    }
    document.put("properties", properties);
    return document;
  }

  private static Map<String, Object> property(
      SourceColumn column, String type, int keyPosition, Set<String> names) {
    Map<String, Object> property = new LinkedHashMap<>();
    String name = free(column.name(), column.name() + "_", names);
    property.put("name", name);
    if (!name.equals(column.name())) {
      property.put("physicalName", column.name());
    }
    property.put("logicalType", LogicalType.of(ColumnType.parse(type)));
    property.put("physicalType", type);
    putIfPresent(property, "description", column.comment());
    if (column.required()) {
      property.put("required", true);
    }
    if (keyPosition > 0) {
      property.put("primaryKey", true);
      property.put("primaryKeyPosition", keyPosition);
    }
    if (column.enumeration() != null) {
      property.put(
          "customProperties",
          List.of(Map.of("property", "sourceType", "value", column.enumeration())));
    }
    return property;
  }

  private static void putIfPresent(Map<String, Object> document, String field, String text) {
    if (text != null && !text.isBlank()) {
      document.put(field, text);
    }
  }

  /** A name that the target takes and that is not taken: see the rules of the contract. */
  private static String free(String wanted, String otherwise, Set<String> taken) {
    String name = allowed(taken.contains(wanted) ? otherwise : wanted);
    for (int i = 2; !taken.add(name); i++) {
      name = allowed(otherwise) + i;
    }
    return name;
  }

  private static String allowed(String name) {
    String allowed = name.replaceFirst("^_+", "");
    allowed = allowed.isEmpty() ? "x" : allowed;
    while (allowed.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME - 2) {
      allowed = allowed.substring(0, allowed.offsetByCodePoints(allowed.length(), -1));
    }
    return allowed;
  }

  /** The type as a contract has it: types of extensions without their schema. */
  private static java.util.Optional<String> knownType(String type) {
    String name = type.startsWith("interval") ? "interval" : type.replaceFirst("^[\\w\"]+\\.", "");
    try {
      ColumnType.parse(name);
      return java.util.Optional.of(name);
    } catch (ContractException e) {
      return java.util.Optional.empty();
    }
  }

  private static String place(SourceTable table, SourceColumn column) {
    return "column " + table.physicalName() + "." + column.name();
  }

  /** The tables as they stand in the document. */
  List<Map<String, Object>> tables() {
    return tables;
  }

  /** What a reader of the contract should know that it does not say. */
  List<String> warnings() {
    return warnings;
  }
}
