package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.contract.ColumnContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in memory are in the order in which PostgreSQL has them. */
class KeyOrderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bigint | -5,3,20,100,9223372036854775807",
        "numeric | -Infinity,-5.5,3,20,100.25,Infinity,NaN",
        "double precision | -Infinity,-5.5,3,1e+20,Infinity,NaN",
        "text | a,B,b,ä,ab,a b,Z,😀,ｱ,zz,_",
        "uuid | 00000000-0000-0000-0000-00000000000a,f0000000-0000-0000-0000-000000000000",
        "bytea | \\x,\\x00,\\x00ff,\\xff,\\x7f",
        "boolean | true,false",
        "date | -infinity,0044-03-15 BC,0001-01-01,2026-05-01,12026-05-01,infinity",
        "timestamp | 2026-05-01 12:00:00.5,2026-05-01 12:00:00,infinity,0044-03-15 12:00:00 BC",
        "timestamptz | 2026-05-01 12:00:00+00,-infinity,12026-05-01 12:00:00+00",
        "time | 00:00:00,24:00:00,12:00:00.5,12:00:00",
      })
  void asInPostgres(String type, String texts) throws Exception {
    ColumnContract contract =
        AuditScene.contract(
                "- name: t\n  properties:\n    - {name: k, physicalType: \"%s\", primaryKey: true}\n"
                    .formatted(type))
            .tables()
            .get(0)
            .columns()
            .get(0);
    SideColumn side = new SideColumn("k", type.equals("bigint") ? "int8" : "other", true);
    ComparedColumn column =
        new ComparedColumn(contract, contract.type().kind(), false, ZoneOffset.UTC);
    KeyOrder order = new KeyOrder(List.of(KeyColumn.of(column, side, side)));
    List<RowKey> keys = new ArrayList<>();
    for (String text : texts.split(",", -1)) {
      keys.add(new RowKey(List.of(text)));
    }
    Collections.shuffle(keys, new Random(3));
    keys.sort(order);
    assertThat(
        keys.stream().map(key -> key.values().get(0)).toList(), is(sortedByPostgres(type, texts)));
  }

  private static List<String> sortedByPostgres(String type, String texts) throws Exception {
    try (Connection connection = AuditScene.open(AuditScene.Server.POSTGRES.database());
        Statement statement = connection.createStatement()) {
      ResultSet rows =
          statement.executeQuery(
              "SELECT k::text FROM (SELECT unnest(string_to_array('%s', ','))::%s AS k) AS keys ORDER BY keys.k%s"
                  .formatted(texts, type, type.equals("text") ? " COLLATE \"C\"" : ""));
      List<String> sorted = new ArrayList<>();
      while (rows.next()) {
        sorted.add(rows.getString(1));
      }
      return sorted;
    }
  }
}
