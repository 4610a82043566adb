package io.millrace.transforms;

import io.millrace.schemas.format.ChangeFormat;
import java.util.List;

/**
 * The cases of other projects in which changes come as rows in JSON, as {@link PeerFiles} has them.
 */
final class RowPeerCases {
  /** The topic that all records are read from. */
  static final String TOPIC = "peers";

  private static final String PRODUCTS =
      """
      - {name: id, physicalType: int, primaryKey: true}
      - {name: name, physicalType: varchar(255)}
      - {name: description, physicalType: varchar(512)}
      - {name: weight, physicalType: varchar(512)}
      """;

  /** A case: the columns of its table, and what happens to it. */
  record PeerCase(String name, String columns, List<Step> steps) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Records that come together, and the rows that are there afterwards.
   *
   * @param table the records' table, as they name it, or an expression for more than one
   * @param records the file of the records, or empty where the case itself names it
   * @param rowsIn the file with the expected rows, and {@code rows} where in it they are; or the
   *     rows themselves, in an array
   * @param live whether these are the live rows, or all, with those that were deleted
   */
  record Step(
      ChangeFormat format, String table, String records, String rowsIn, String rows, boolean live) {

    Step withDeletedRows() {
      return new Step(format, table, records, rowsIn, rows, false);
    }
  }

  static final List<PeerCase> ALL =
      List.of(
          new PeerCase(
              "seatunnel_canal",
              PRODUCTS,
              List.of(
                  step(
                      ChangeFormat.CANAL,
                      "canal_hvygfc.products",
                      "seatunnel/canal_data.txt",
                      "seatunnel/canal.expected.json"))),
          new PeerCase(
              "seatunnel_maxwell",
              PRODUCTS,
              List.of(
                  step(
                      ChangeFormat.MAXWELL,
                      "maxwell_eal7e6.products",
                      "seatunnel/maxwell_data.txt",
                      "seatunnel/maxwell.expected.json"))),
          new PeerCase(
              "seatunnel_ogg",
              PRODUCTS,
              List.of(
                  step(
                      ChangeFormat.OGG,
                      "OGG.OGG_TEST",
                      "seatunnel/ogg_data.txt",
                      "seatunnel/ogg.expected.json"))),
          new PeerCase(
              "seatunnel_canal_and_ogg",
              PRODUCTS,
              List.of(
                  step(
                      ChangeFormat.CANAL,
                      "canal_hvygfc.products",
                      "seatunnel/canal_data.txt",
                      "seatunnel/canal.expected.json"),
                  step(
                      ChangeFormat.OGG,
                      "OGG.OGG_TEST",
                      "seatunnel/ogg_data.txt",
                      "seatunnel/canal_and_ogg_into_one_table.expected.json"))),
          new PeerCase(
              "seatunnel_connect_jdbc",
              PRODUCTS,
              List.of(
                  step(
                      ChangeFormat.CONNECT_JDBC,
                      "test_database_001.seatunnel_test_cdc",
                      "seatunnel/compatible_data.txt",
                      "seatunnel/connect_jdbc_schema_payload.expected.json"))),
          new PeerCase(
              "paimon_ogg",
              PRODUCTS,
              List.of(
                  paimon("ogg-table-testCDCOperations", 0, ChangeFormat.OGG, "OGG.EVENT"),
                  paimon("ogg-table-testCDCOperations", 1, ChangeFormat.OGG, "OGG.EVENT"),
                  paimon("ogg-table-testCDCOperations", 2, ChangeFormat.OGG, "OGG.EVENT"))),
          new PeerCase(
              "paimon_canal",
              """
              - {name: pt, physicalType: int}
              - {name: id, physicalName: _id, physicalType: int, primaryKey: true}
              - {name: v1, physicalType: varchar(20)}
              - {name: v2, physicalType: bigint}
              - {name: v3, physicalType: "decimal(8,3)"}
              - {name: v4, physicalType: varbinary(10)}
              - {name: v5, physicalType: float}
              """,
              List.of(canal(0), canal(1), canal(2), canal(3).withDeletedRows())),
          new PeerCase(
              "paimon_canal_incomplete",
              """
              - {name: k, physicalType: text, primaryKey: true}
              - {name: v, physicalType: text}
              """,
              List.of(
                  paimon(
                      "canal-table-testSynchronizeIncompleteJson",
                      0,
                      ChangeFormat.CANAL,
                      "any.table"))),
          new PeerCase(
              "risingwave_upsert",
              """
              - {name: ID, physicalType: bigint, primaryKey: true}
              - {name: firstName, physicalType: text}
              - {name: lastName, physicalType: text}
              - {name: age, physicalType: int}
              - {name: height, physicalType: double}
              - {name: weight, physicalType: double}
              """,
              List.of(
                  risingWave(
                      0, ChangeFormat.UPSERT, TOPIC, "risingwave/test_data/upsert_json.txt"))),
          new PeerCase(
              "risingwave_maxwell",
              """
              - {name: id, physicalType: int, primaryKey: true}
              - {name: name, physicalType: varchar(40)}
              - {name: is_adult, physicalType: tinyint}
              - {name: birthday, physicalType: timestamp}
              """,
              List.of(
                  risingWave(
                      3, ChangeFormat.MAXWELL, "test.t", "risingwave/test_data/maxwell_json.txt"))),
          new PeerCase(
              "risingwave_canal",
              """
              - {name: id, physicalType: int, primaryKey: true}
              - {name: name, physicalType: varchar(40)}
              - {name: is_adult, physicalType: boolean}
              - {name: balance, physicalType: "decimal(10,2)"}
              - {name: reg_time, physicalType: timestamp}
              - {name: win_rate, physicalType: double}
              """,
              List.of(
                  risingWave(
                      4, ChangeFormat.CANAL, "demo.demo", "risingwave/test_data/cannal_json.txt"))),
          new PeerCase(
              "risingwave_canal_of_two_rows",
              """
              - {name: v1, physicalType: int, primaryKey: true}
              - {name: v2, physicalType: int}
              """,
              List.of(
                  told(
                      ChangeFormat.CANAL,
                      "demo.demo",
                      "risingwave/test_data/canal_json_double_field.txt",
                      "[]"))),
          new PeerCase(
              "risingwave_upsert_with_json_schema",
              """
              - {name: id, physicalType: int, primaryKey: true}
              - {name: productName, physicalType: text}
              - {name: price, physicalType: double}
              - {name: tags, physicalType: jsonb}
              - {name: dimensions, physicalType: jsonb}
              """,
              List.of(
                  told(
                      ChangeFormat.UPSERT,
                      TOPIC,
                      "risingwave/test_data/kafka_upsert_json_schema.txt",
                      "[{\"id\":1,\"price\":23.0},{\"id\":2,\"price\":12.5}]"))),
          new PeerCase(
              "risingwave_upsert_of_students",
              """
              - {name: ID, physicalType: int, primaryKey: true}
              - {name: firstName, physicalType: text}
              - {name: lastName, physicalType: text}
              - {name: age, physicalType: int}
              - {name: height, physicalType: double}
              - {name: weight, physicalType: double}
              """,
              List.of(
                  told(
                      ChangeFormat.UPSERT,
                      TOPIC,
                      "risingwave/test_data/upsert_student_avro_json.txt",
                      """
                      [{"ID":1,"age":18,"height":6.1},{"ID":2,"age":19,"height":5.4},
                      {"ID":3,"age":21,"height":6.3},{"ID":4,"age":20,"height":5.3},
                      {"ID":5,"age":22,"height":6.2},{"ID":6,"age":18,"height":5.7},
                      {"ID":9,"age":20,"height":5.8}]"""))));

  /** One without an assertion beside it: rows as the events tell them. */
  private static Step told(ChangeFormat format, String table, String records, String rows) {
    return new Step(format, table, records, rows, "", true);
  }

  private static Step step(ChangeFormat format, String table, String records, String rowsIn) {
    return new Step(format, table, records, rowsIn, "/expected_final_state", true);
  }

  private static Step risingWave(int index, ChangeFormat format, String table, String records) {
    String rows = "/" + index + "/expected_final_state";
    return new Step(format, table, records, "risingwave/expected.json", rows, true);
  }

  /** Paimon takes changes of three tables from one topic to one table. */
  private static Step canal(int index) {
    String tables = "paimon_sync_table\\..*";
    return paimon("canal-table-testCDCOperations", index, ChangeFormat.CANAL, tables);
  }

  private static Step paimon(String name, int index, ChangeFormat format, String table) {
    String file = "paimon/cases/" + name + ".json";
    return new Step(format, table, "", file, "/steps/" + index + "/expect/rows", true);
  }

  private RowPeerCases() {}
}
