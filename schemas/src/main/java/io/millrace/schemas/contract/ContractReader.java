package io.millrace.schemas.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads an ODCS v3 document, collecting every fault before it gives up. */
final class ContractReader {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final String document;
  private final List<String> faults = new ArrayList<>();

  ContractReader(String document) {
    this.document = document;
  }

  Contract read(String yaml) {
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new ContractException(document + " is not YAML: " + e.getOriginalMessage() + at(e), e);
    }
    if (root == null || !root.isObject()) {
      throw new ContractException(
          document
              + " is not a data contract: expected a YAML object with apiVersion, kind, schema");
    }
    String apiVersion = text(root, "apiVersion", "");
    if (!apiVersion.matches("v?3\\.\\d+\\.\\d+.*")) {
      faults.add("apiVersion is '" + apiVersion + "'; supported is ODCS v3, such as v3.0.2");
    }
    if (!text(root, "kind", "").equals("DataContract")) {
      faults.add("kind is '" + text(root, "kind", "") + "'; expected DataContract");
    }
    for (String required : List.of("id", "version", "status")) {
      if (text(root, required, "").isEmpty()) {
        faults.add(required + " is missing; the standard requires it");
      }
    }
    Map<String, String> policies = customProperties(root, "");
    List<TableContract> tables = tables(root.path("schema"), policies);
    faults.addAll(ContractChecks.faults(tables));
    if (!faults.isEmpty()) {
      throw new ContractException(
          document + " is not a valid data contract:\n  - " + String.join("\n  - ", faults));
    }
    return Contract.of(text(root, "id", ""), text(root, "version", ""), tables);
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  private List<TableContract> tables(JsonNode schema, Map<String, String> policies) {
    if (!schema.isArray() || schema.isEmpty()) {
      faults.add("schema lists no table; list at least one, with name and properties");
    }
    List<TableContract> tables = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> physicalNames = new HashSet<>();
    for (int i = 0; i < schema.size(); i++) {
      JsonNode node = schema.get(i);
      String place = "schema[" + i + "]";
      String name = text(node, "name", "");
      if (name.isEmpty()) {
        faults.add(place + ".name is missing; it names the target table");
      }
      place = name.isEmpty() ? place : "table " + name;
      String physicalName = text(node, "physicalName", name);
      if (!names.add(name) || !physicalNames.add(physicalName)) {
        faults.add(place + " stands twice; each name and physicalName may stand once");
        continue;
      }
      faults.addAll(TargetNames.faults(place, name));
      Map<String, String> properties = new LinkedHashMap<>(policies);
      properties.putAll(customProperties(node, place));
      TableContract table =
          TableContract.of(name, physicalName, columns(node, place, properties), properties);
      checkTracked(place, table);
      tables.add(table);
    }
    return tables;
  }

  private void checkTracked(String place, TableContract table) {
    for (String tracked : table.trackedColumns()) {
      if (table.columns().stream().noneMatch(c -> c.name().equals(tracked))) {
        faults.add(
            place
                + ": "
                + TableContract.TRACK_COLUMNS
                + " lists "
                + tracked
                + ", which is none of its columns");
      }
    }
  }

  private List<ColumnContract> columns(JsonNode table, String place, Map<String, String> policies) {
    JsonNode properties = table.path("properties");
    if (!properties.isArray() || properties.isEmpty()) {
      faults.add(place + " has no properties; list its columns");
    }
    List<ColumnContract> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> physicalNames = new HashSet<>();
    Set<Integer> keyPositions = new HashSet<>();
    int keys = 0;
    for (int i = 0; i < properties.size(); i++) {
      JsonNode node = properties.get(i);
      String name = text(node, "name", "");
      String here = place + (name.isEmpty() ? ".properties[" + i + "]" : ", column " + name);
      if (name.isEmpty()) {
        faults.add(here + ".name is missing");
      }
      String physicalName = text(node, "physicalName", name);
      if (!names.add(name) || !physicalNames.add(physicalName)) {
        faults.add(here + " stands twice; each name and physicalName may stand once in a table");
      }
      faults.addAll(TargetNames.faults(here, name));
      boolean key = node.path("primaryKey").asBoolean(false);
      int keyPosition = 0;
      if (key) {
        keys++;
        keyPosition = node.path("primaryKeyPosition").asInt(keys);
        if (keyPosition < 1 || !keyPositions.add(keyPosition)) {
          faults.add(
              here + ": primaryKeyPosition " + keyPosition + " must be 1 or more and unique");
        }
      }
      ColumnType type = type(node, here);
      if (key && (type.kind() == ColumnType.Kind.JSON || type.kind() == ColumnType.Kind.ARRAY)) {
        faults.add(here + ": a column of type " + type + " cannot be part of the key");
      }
      Map<String, String> custom = customProperties(node, here);
      String transformLogic = text(node, "transformLogic", "").strip();
      columns.add(
          ColumnContract.builder()
              .setName(name)
              .setPhysicalName(physicalName)
              .setType(type)
              .setKeyPosition(keyPosition)
              .setRequired(key || node.path("required").asBoolean(false))
              .setPersonal(isPersonal(node))
              .setCustomProperties(custom)
              .setTransformLogic(transformLogic.isEmpty() ? null : transformLogic)
              .setMetadata(metadata(custom, here))
              .build());
    }
    if (keys == 0 && !columns.isEmpty()) {
      String policy = policies.getOrDefault(WithoutKey.PROPERTY, "");
      if (WithoutKey.of(policy).isPresent()) {
        columns.add(WithoutKey.column());
      } else {
        faults.add(
            place
                + (policy.isEmpty() ? " has no key" : ": withoutKey is '" + policy + "'")
                + "; mark the columns that identify a row with primaryKey: true (and"
                + " primaryKeyPosition), or set the custom property withoutKey to all_columns (equal"
                + " rows are one) or append (each change is a row)");
      }
    }
    return columns;
  }

  private @Nullable Metadata metadata(Map<String, String> custom, String place) {
    String property = custom.get("metadata");
    Optional<Metadata> metadata = property == null ? Optional.empty() : Metadata.of(property);
    if (property != null && metadata.isEmpty()) {
      faults.add(place + ": metadata is '" + property + "'; known are " + Metadata.known());
    }
    return metadata.orElse(null);
  }

  private ColumnType type(JsonNode node, String place) {
    String physicalType = text(node, "physicalType", "");
    if (physicalType.isEmpty()) {
      physicalType =
          switch (text(node, "logicalType", "")) {
            case "string" -> "text";
            case "integer" -> "bigint";
            case "number" -> "numeric";
            case "boolean" -> "boolean";
            case "date" -> "date";
            case "timestamp" -> "timestamptz";
            case "time" -> "time";
            case "object" -> "jsonb";
            default -> "";
          };
    }
    if (physicalType.isEmpty()) {
      faults.add(place + ": physicalType is missing; give the exact type, such as numeric(10,2)");
      return ColumnType.parse("text");
    }
    try {
      return ColumnType.parse(physicalType);
    } catch (ContractException e) {
      faults.add(place + ": " + e.getMessage());
      return ColumnType.parse("text");
    }
  }

  private static boolean isPersonal(JsonNode node) {
    for (JsonNode tag : node.path("tags")) {
      if (Set.of("personal", "pii").contains(tag.asText().toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    String classification = text(node, "classification", "public").toLowerCase(Locale.ROOT);
    return !classification.equals("public");
  }

  private Map<String, String> customProperties(JsonNode node, String place) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (JsonNode entry : node.path("customProperties")) {
      String property = text(entry, "property", "");
      if (property.isEmpty()) {
        faults.add(place + ": an entry of customProperties has no 'property'");
        continue;
      }
      properties.put(property, listed(entry.path("value")));
    }
    return Map.copyOf(properties);
  }

  /** A value as text; of a list, its elements separated by commas. */
  private static String listed(JsonNode value) {
    if (!value.isArray()) {
      return value.asText("");
    }
    List<String> elements = new ArrayList<>();
    value.forEach(element -> elements.add(element.asText("")));
    return String.join(",", elements);
  }

  private static String text(JsonNode node, String field, String otherwise) {
    JsonNode value = node.path(field);
    return value.isValueNode() && !value.isNull() ? value.asText() : otherwise;
  }
}
