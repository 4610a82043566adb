package io.millrace.testdata.shop;

import io.millrace.testdata.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The sample shop's tables: their definition, their contract, their keys. */
public final class Shop {

  /**
   * A table of the shop.
   *
   * @param name unqualified; it is the same at the source and in the warehouse
   * @param key the names of the key's columns
   */
  public record Table(String name, List<String> key) {

    /** The name as change events have it, with the schema. */
    public String physicalName() {
      return "public." + name;
    }
  }

  /** All tables, in the contract's order. */
  public static final List<Table> TABLES =
      List.of(
          new Table("customers", List.of("id")),
          new Table("addresses", List.of("id")),
          new Table("products", List.of("sku")),
          new Table("orders", List.of("id")),
          new Table("order_lines", List.of("order_id", "line_no")));

  /** The names of all tables. */
  public static List<String> names() {
    return TABLES.stream().map(Table::name).toList();
  }

  /** All tables as {@code schema.table}. */
  public static List<String> physicalNames() {
    return TABLES.stream().map(Table::physicalName).toList();
  }

  /** The columns of all tables, by the tables' names. */
  public static Map<String, List<SourceColumn>> columns(Database source) throws SQLException {
    try (Connection connection = source.connect()) {
      return SourceColumn.of(connection, TABLES.stream().map(Table::name).toList());
    }
  }

  /** Creates the empty tables. */
  public static void create(Database source) throws SQLException {
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(resource("shop.sql"));
    }
  }

  /** Whether the tables are there. */
  public static boolean exists(Database source) throws SQLException {
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT to_regclass('public.customers') IS NOT NULL")) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  /** The data contract, in the Open Data Contract Standard's YAML. */
  public static String contract() {
    return resource("shop.odcs.yaml");
  }

  /** Writes the data contract to a file; replaces what was there. */
  public static Path writeContract(Path file) {
    try {
      return Files.writeString(file, contract());
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  private static String resource(String name) {
    try (InputStream input = Shop.class.getResourceAsStream(name)) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Shop() {}
}
