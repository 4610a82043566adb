package io.millrace.pipelines.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.transforms.lake.ParquetRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.io.FileSystems;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the changes of a table in a lake's files. */
final class LakeChanges {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<ComparedColumn> key;
  private final List<ComparedColumn> values;
  private final Taker changes;

  /** Takes a change of a key; of none, if the whole table was truncated. */
  interface Taker {
    void take(@Nullable RowKey key, LakeRow change);
  }

  LakeChanges(List<ComparedColumn> key, List<ComparedColumn> values, Taker changes) {
    this.key = key;
    this.values = values;
    this.changes = changes;
  }

  /** Reads a file. */
  void read(String file) {
    try {
      ParquetRows.read(FileSystems.matchNewResource(file, false), this::change);
    } catch (IOException e) {
      throw new UncheckedIOException("The lake's file " + file + " cannot be read", e);
    }
  }

  private void change(Map<String, @Nullable Object> row) {
    String operation = (String) row.get("_operation");
    byte[] position = (byte[]) row.get("_position");
    boolean isDeleted = "delete".equals(operation);
    if ("truncate".equals(operation)) {
      changes.take(null, LakeRow.of(position, false, List.of(), null));
      return;
    }
    JsonNode special = special(row);
    boolean[] open = open(row, isDeleted);
    changes.take(
        new RowKey(texts(key, row, special)),
        LakeRow.of(position, isDeleted, texts(values, row, special), open));
  }

  private List<@Nullable String> texts(
      List<ComparedColumn> columns, Map<String, @Nullable Object> row, JsonNode special) {
    List<@Nullable String> texts = new ArrayList<>();
    for (ComparedColumn column : columns) {
      String physicalName = column.contract().physicalName();
      String name = row.containsKey(column.name()) ? column.name() : physicalName;
      Object value = row.get(name);
      texts.add(
          CanonicalValue.text(
              column, value == null && special.has(name) ? value(special.get(name)) : value));
    }
    return texts;
  }

  /** What Parquet's type of the column could not hold. */
  private static @Nullable Object value(JsonNode node) {
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false)
          .map(LakeChanges::value)
          .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }
    return node.isNull() ? null : node.asText();
  }

  private static JsonNode special(Map<String, @Nullable Object> row) {
    Object special = row.get("_special");
    try {
      return special == null ? JSON.createObjectNode() : JSON.readTree(special.toString());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("_special of a change in the lake is no JSON", e);
    }
  }

  /** The columns that a change leaves as they are; a delete does so with all. */
  private boolean @Nullable [] open(Map<String, @Nullable Object> row, boolean isDeleted) {
    List<?> unchanged = row.get("_unchanged") instanceof List<?> names ? names : List.of();
    if (unchanged.isEmpty() && !isDeleted) {
      return null;
    }
    boolean[] open = new boolean[values.size()];
    for (int i = 0; i < open.length; i++) {
      open[i] =
          isDeleted
              || unchanged.contains(values.get(i).name())
              || unchanged.contains(values.get(i).contract().physicalName());
    }
    return open;
  }
}
