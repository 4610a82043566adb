package io.millrace.testdata.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Views of the shop's tables, and the queries that they are the answers of. */
public final class ShopViews {
  private static final String CONTRACT = "views.odcs.yaml";

  /**
   * A view.
   *
   * @param query that PostgreSQL answers, too
   * @param columns those outside the key
   */
  public record View(String name, String query, List<String> key, List<String> columns) {}

  /** All of them. */
  public static List<View> all() {
    List<View> views = new ArrayList<>();
    try {
      for (JsonNode table : new YAMLMapper().readTree(contract()).path("schema")) {
        for (JsonNode property : table.path("customProperties")) {
          if (property.path("property").asText().equals("query")) {
            views.add(view(table, property.path("value").asText()));
          }
        }
      }
      return views;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static View view(JsonNode table, String query) {
    List<String> key = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (JsonNode column : table.path("properties")) {
      boolean isKey = column.path("primaryKey").asBoolean();
      (isKey ? key : columns).add(column.path("name").asText());
    }
    return new View(table.path("name").asText(), query, key, columns);
  }

  /** Writes their contract to a file; replaces what was there. */
  public static Path writeContract(Path file) {
    try {
      return Files.writeString(file, contract());
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  private static String contract() {
    try (InputStream input = ShopViews.class.getResourceAsStream(CONTRACT)) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ShopViews() {}
}
