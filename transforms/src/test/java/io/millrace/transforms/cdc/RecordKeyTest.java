package io.millrace.transforms.cdc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.math.BigDecimal;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class RecordKeyTest {
  private static String key(FieldType type, Object value) {
    return RecordKey.of(row(Schema.of(Schema.Field.of("a", type)), value), table("a"));
  }

  private static Row row(Schema schema, @Nullable Object... values) {
    return Row.withSchema(schema).addValues(values).build();
  }

  /** A table with these columns, and the last of them first in the key. */
  private static TableContract table(String... columns) {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: v3.0.2
            kind: DataContract
            id: shop
            version: 1.0.0
            status: active
            schema:
              - name: things
                physicalName: shop.things
                properties:
            """);
    for (int i = 0; i < columns.length; i++) {
      yaml.append("      - {name: ").append(columns[i]).append(", physicalType: text,");
      yaml.append(" primaryKey: true, primaryKeyPosition: ").append(columns.length - i);
      yaml.append("}\n");
    }
    return Contract.parse(yaml.toString(), "things").tables().get(0);
  }

  @Test
  void aKeyOfOneColumnIsItsText() {
    assertThat(key(FieldType.STRING, "a \"b\"\n"), is("a \"b\"\n"));
    assertThat(key(FieldType.STRING, ""), is(""));
    assertThat(key(FieldType.INT64, 7L), is("7"));
    assertThat(key(FieldType.BOOLEAN, true), is("true"));
    assertThat(
        key(FieldType.DATETIME, Instant.parse("2026-05-01T10:00:00Z")),
        is("2026-05-01T10:00:00.000Z"));
    assertThat(key(FieldType.BYTES, new byte[] {1, 2, 3}), is("AQID"));
  }

  @Test
  void aDecimalHasOneText() {
    assertThat(key(FieldType.DECIMAL, new BigDecimal("1.50")), is("1.5"));
    assertThat(key(FieldType.DECIMAL, new BigDecimal("100")), is("100"));
    assertThat(key(FieldType.DECIMAL, new BigDecimal("1E+2")), is("100"));
  }

  @Test
  void aKeyOfSeveralColumnsIsAnArrayOfTheirTextsInTheOrderOfTheKey() {
    Schema schema = Schema.builder().addStringField("a").addInt64Field("b").build();
    assertThat(RecordKey.of(row(schema, "x\"", 7L), table("a", "b")), is("[\"7\",\"x\\\"\"]"));
  }

  @Test
  void aKeyThatIsNotCompleteIsNone() {
    Schema schema = Schema.builder().addStringField("a").addNullableInt64Field("b").build();
    assertThat(RecordKey.of(row(schema, "x", null), table("a", "b")), is(nullValue()));
  }
}
