package io.millrace.testdata.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.testdata.ServiceException;
import io.millrace.testdata.shop.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The contract of a source whose columns have changed, as its user would write it: what {@code
 * millrace contract} drafts from the database, in which renamed columns keep the names that they
 * have in the warehouse.
 */
final class NewContract {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final YAMLMapper YAML = new YAMLMapper();

  private final JsonNode draft;
  private final ColumnChanges changes;

  /**
   * Drafts it.
   *
   * @param file where the draft goes
   * @throws ServiceException if Millrace cannot
   */
  static NewContract draft(Program program, Path file, ColumnChanges changes) {
    List<String> options = new ArrayList<>(program.sourceAccess());
    options.add("--tables=" + String.join(",", Shop.physicalNames()));
    options.add("--output=" + file);
    Program.Result result = program.run(LIMIT, "contract", options);
    if (result.exitCode() != 0) {
      throw new ServiceException(
          "millrace contract ended with exit code "
              + result.exitCode()
              + ": "
              + String.join("; ", result.errors()));
    }
    try {
      return new NewContract(YAML.readTree(Files.readString(file)), changes);
    } catch (IOException e) {
      throw new UncheckedIOException("the drafted contract cannot be read: " + file, e);
    }
  }

  private NewContract(JsonNode draft, ColumnChanges changes) {
    this.draft = draft;
    this.changes = changes;
  }

  /** Writes it, with the new names of renamed columns. */
  Path write(Path file) {
    return write(file, true);
  }

  /**
   * Writes it with the old names only, which are those of dead letters from before the renaming.
   */
  Path writeWithOldNames(Path file) {
    return write(file, false);
  }

  private Path write(Path file, boolean newNames) {
    JsonNode document = draft.deepCopy();
    for (JsonNode table : document.path("schema")) {
      String name = table.path("name").asText();
      for (JsonNode property : table.path("properties")) {
        String sourceName = property.path("physicalName").asText(property.path("name").asText());
        String warehouseName = changes.warehouseName(name, sourceName);
        if (!warehouseName.equals(sourceName)) {
          ((ObjectNode) property)
              .put("name", warehouseName)
              .put("physicalName", newNames ? sourceName : warehouseName);
        }
      }
    }
    try {
      return Files.writeString(file, YAML.writeValueAsString(document));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
