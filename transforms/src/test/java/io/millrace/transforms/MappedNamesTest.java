package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the source's names become the warehouse's, from records to rows. */
class MappedNamesTest {
  private static final String HEAD =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: mapped
      version: 1.0.0
      status: active
      schema:
      """;

  private static Replication replication;

  @BeforeAll
  static void startWarehouse() throws Exception {
    replication = Replication.start("mapped-names");
  }

  @AfterAll
  static void stopWarehouse() {
    if (replication != null) {
      replication.close();
    }
  }

  private static String name(String name, TestRunner runner) {
    return name + "_" + runner.name().toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void columnInAnotherCaseIsWrittenAndMovesFromExtraWhenItIsNamed(TestRunner runner)
      throws Exception {
    String table = name("any_case", runner);
    String yaml =
        HEAD
            + """
              - name: %s
                physicalName: shop.items
                customProperties:
                  - {property: caseInsensitive, value: true}
                properties:
                  - {name: id, physicalType: bigint, primaryKey: true}
                  - {name: title, physicalType: text}
            """
                .formatted(table);
    replication.run(
        runner,
        Contract.parse(yaml, "any case"),
        ChangeFormat.CHANGES,
        Replication.topic(
            "shop",
            List.of(
                "{\"table\":\"SHOP.Items\",\"op\":\"upsert\",\"position\":1,\"key\":{\"ID\":1},\"after\":{\"Id\":1,\"TITLE\":\"lamp\",\"PRICE\":3}}")));
    assertThat(
        replication.query("SELECT id, title, _extra FROM " + table),
        contains("1|lamp|{\"PRICE\": 3}"));
    replication.run(
        runner,
        Contract.parse(yaml + "      - {name: price, physicalType: integer}\n", "grown"),
        ChangeFormat.CHANGES,
        Replication.topic("shop", List.of()));
    assertThat(
        replication.query("SELECT id, title, price, _extra FROM " + table),
        equalTo(List.of("1|lamp|3|null")));
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void tableWithoutKeyIsWhatItsRowsAre(TestRunner runner) throws Exception {
    String table = name("without_key", runner);
    String yaml =
        HEAD
            + """
              - name: %s
                physicalName: shop.readings
                customProperties:
                  - {property: withoutKey, value: %s}
                properties:
                  - {name: sensor, physicalType: text}
                  - {name: value, physicalType: numeric}
            """;
    String first = "{\"sensor\":\"a\",\"value\":1.50}";
    String second = "{\"sensor\":\"a\",\"value\":2}";
    String third = "{\"sensor\":null,\"value\":3}";
    RecordBlock records =
        Replication.topic(
            "shop",
            List.of(
                reading("u", first, second, 3),
                reading("d", third, "null", 5),
                reading("c", "null", first, 1),
                reading("c", "null", first, 2),
                reading("c", "null", third, 4),
                reading("c", "null", first, 6),
                reading("c", "null", first, 6)));
    replication.run(
        runner,
        Contract.parse(yaml.formatted(table, "all_columns"), "all columns"),
        ChangeFormat.DEBEZIUM,
        records);
    assertThat(
        replication.query("SELECT * FROM " + table + "_live ORDER BY value"),
        contains("a|1.50", "a|2"));
    String appended = table + "_append";
    replication.run(
        runner,
        Contract.parse(yaml.formatted(appended, "append"), "append"),
        ChangeFormat.DEBEZIUM,
        records);
    assertThat(
        replication.query("SELECT * FROM " + appended + "_live ORDER BY 2, 1"),
        contains("a|1.50", "a|1.50", "a|1.50", "a|2", "null|3"));
  }

  @ParameterizedTest
  @EnumSource(TestRunner.class)
  void elementsFollowTheirRowsInWhateverOrderTheseCome(TestRunner runner) throws Exception {
    String table = name("order", runner);
    Contract contract =
        Contract.parse(
            HEAD
                + """
                  - name: %1$ss
                    physicalName: shop.orders
                    properties:
                      - {name: id, physicalType: bigint, primaryKey: true}
                  - name: %1$s_lines
                    customProperties:
                      - {property: parentTable, value: %1$ss}
                      - {property: arrayColumn, value: lines}
                    properties:
                      - {name: order_id, physicalType: bigint, primaryKey: true, customProperties: [{property: parentColumn, value: id}]}
                      - {name: sku, physicalType: text, primaryKey: true}
                      - {name: amount, physicalType: integer}
                """
                    .formatted(table),
            "elements");
    List<String> rows =
        List.of(
            "null",
            order(1, "[{\"sku\":\"a\",\"amount\":1},{\"sku\":\"b\",\"amount\":1}]"),
            order(1, "[{\"sku\":\"b\",\"amount\":2},{\"sku\":\"c\",\"amount\":1}]"),
            order(1, "[]"),
            order(1, "[{\"sku\":\"a\",\"amount\":3},{\"sku\":\"b\",\"amount\":4}]"),
            order(2, "[{\"sku\":\"b\",\"amount\":5}]"));
    List<String> events = new ArrayList<>();
    for (int i = 1; i < rows.size(); i++) {
      events.add(change("orders", i == 1 ? "c" : "u", rows.get(i - 1), rows.get(i), i));
    }
    events.add(change("orders", "c", "null", order(3, "[{\"sku\":\"z\"}]"), 7));
    events.add(change("orders", "d", order(3, "[{\"sku\":\"z\"}]"), "null", 8));
    events.addAll(List.copyOf(events));
    Collections.shuffle(events, new Random(5));
    replication.run(runner, contract, ChangeFormat.DEBEZIUM, Replication.topic("shop", events));
    assertThat(replication.query("SELECT * FROM " + table + "_lines_live"), contains("2|b|5"));
    assertThat(
        replication.query("SELECT DISTINCT order_id, sku FROM " + table + "_lines ORDER BY 1, 2"),
        contains("1|a", "1|b", "1|c", "2|b", "3|z"));
  }

  private static String order(int id, String lines) {
    return "{\"id\":" + id + ",\"lines\":" + lines + "}";
  }

  private static String reading(String op, String before, String after, int pos) {
    return change("readings", op, before, after, pos);
  }

  private static String change(String table, String op, String before, String after, int pos) {
    return "{\"before\":%s,\"after\":%s,\"source\":{\"connector\":\"mysql\",\"db\":\"shop\",\"table\":\"%s\",\"file\":\"bin.1\",\"pos\":%d,\"row\":0},\"op\":\"%s\"}"
        .formatted(before, after, table, pos, op);
  }
}
