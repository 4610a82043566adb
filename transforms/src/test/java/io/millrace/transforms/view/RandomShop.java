package io.millrace.transforms.view;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.warehouse.TestTable;
import io.millrace.transforms.warehouse.TestWarehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Random logs of four tables, many small shops in each (column {@code shop}), and the rows that
 * they come to.
 */
final class RandomShop {
  static final Contract TABLES =
      TestTable.contract(
          "orders: key shop integer; key id integer; customer integer; product bigint;"
              + " amount numeric(10,2); note text",
          "customers: key shop integer; key id integer; address integer; segment text",
          "products: key shop integer; key id numeric(10,1); price numeric(10,2)",
          "addresses: key shop integer; key id integer; city text");

  private static final List<String> NAMES = List.of("orders", "customers", "products", "addresses");

  private final Random random;
  private final int shops;
  private final List<ChangeEvent> log = new ArrayList<>();

  /** By table and key, the columns' values as JSON and SQL have them both. */
  private final Map<String, Map<String, Map<String, String>>> rows = new HashMap<>();

  private long position;

  RandomShop(long seed, int shops, int steps) {
    this.random = new Random(seed);
    this.shops = shops;
    NAMES.forEach(name -> rows.put(name, new LinkedHashMap<>()));
    for (int step = 0; step < steps * shops; step++) {
      String table = NAMES.get(random.nextInt(NAMES.size()));
      change(table, TestTable.of(TABLES, table));
    }
  }

  private void change(String name, TestTable table) {
    position++;
    String shop = String.valueOf(random.nextInt(shops));
    String id = String.valueOf(1 + random.nextInt(3));
    String key = shop + " " + id;
    int kind = random.nextInt(20 * shops);
    if (kind < 4) {
      log.add(table.truncate(position));
      rows.get(name).clear();
    } else if (kind < 4 * shops) {
      log.add(table.delete(position, "{\"shop\":%s,\"id\":%s}".formatted(shop, id)));
      rows.get(name).remove(key);
    } else {
      Map<String, String> columns = new LinkedHashMap<>();
      columns.put("shop", shop);
      columns.put("id", id);
      columns(name).forEach((column, value) -> put(name, key, column, value, columns));
      rows.get(name).computeIfAbsent(key, none -> new LinkedHashMap<>()).putAll(columns);
      log.add(
          table.upsert(
              position,
              columns.entrySet().stream()
                  .map(column -> "\"" + column.getKey() + "\":" + column.getValue())
                  .collect(Collectors.joining(",", "{", "}"))));
    }
  }

  /** Now and then a change says nothing of a column of a row that is there. */
  private void put(
      String name, String key, String column, String value, Map<String, String> columns) {
    if (!rows.get(name).containsKey(key) || random.nextInt(6) > 0) {
      columns.put(column, value);
    }
  }

  private Map<String, String> columns(String name) {
    Map<String, String> columns = new LinkedHashMap<>();
    switch (name) {
      case "orders" -> {
        columns.put("customer", reference());
        columns.put("product", reference());
        columns.put("amount", random.nextInt(5) == 0 ? "null" : random.nextInt(4) + ".50");
        columns.put("note", text("x", "y", "é"));
      }
      case "customers" -> {
        columns.put("address", reference());
        columns.put("segment", text("gold", "silver"));
      }
      case "products" -> columns.put("price", random.nextInt(3) + ".25");
      default -> columns.put("city", text("Bern", "Zug"));
    }
    return columns;
  }

  private String reference() {
    int id = random.nextInt(5);
    return id == 0 ? "null" : String.valueOf(id);
  }

  private String text(String... values) {
    return random.nextInt(6) == 0 ? "null" : "\"" + values[random.nextInt(values.length)] + "\"";
  }

  /** The log's changes in the order in which they were made. */
  List<ChangeEvent> log() {
    return log;
  }

  /** Makes the tables of what the log comes to. */
  void store(TestWarehouse database) {
    database.execute("DROP TABLE IF EXISTS orders, customers, products, addresses");
    TABLES
        .tables()
        .forEach(
            table -> {
              database.execute(
                  table.columns().stream()
                      .map(column -> column.name() + " " + column.type())
                      .collect(
                          Collectors.joining(", ", "CREATE TABLE " + table.name() + " (", ")")));
              for (Map<String, String> row : rows.get(table.name()).values()) {
                database.execute(
                    "INSERT INTO %s (%s) VALUES (%s)"
                        .formatted(
                            table.name(),
                            String.join(", ", row.keySet()),
                            String.join(", ", row.values()).replace('"', '\'')));
              }
            });
  }
}
