package io.millrace.transforms.lake;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;

import io.millrace.schemas.contract.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What DuckDB reads of each of the contract's types. */
@Timeout(120)
class LakeTypesTest {
  private static final String HEAD =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: items
          physicalName: public.items
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
      """;

  @TempDir Path directory;

  @Test
  void wholeNumbersAndBooleans() throws Exception {
    assertReads("boolean", "true", "true", "BOOLEAN");
    assertReads("smallint", "-32768", "-32768", "SMALLINT");
    assertReads("integer", "2147483647", "2147483647", "INTEGER");
    assertReads("bigint", "-9223372036854775808", "-9223372036854775808", "BIGINT");
    assertReads("bigint unsigned", "18446744073709551615", "18446744073709551615", "DECIMAL(20,0)");
  }

  @Test
  void decimalsOfAnyWidthAreExact() throws Exception {
    assertReads("numeric(9,2)", "'-1234567.89'", "-1234567.89", "DECIMAL(9,2)");
    assertReads("numeric(18,4)", "'99999999999999.9999'", "99999999999999.9999", "DECIMAL(18,4)");
    assertReads(
        "numeric(38,10)",
        "'-1234567890123456789012345678.0123456789'",
        "-1234567890123456789012345678.0123456789",
        "DECIMAL(38,10)");
    assertReads("numeric(38,0)", "'" + "9".repeat(38) + "'", "9".repeat(38), "DECIMAL(38,0)");
    assertReads("numeric(5,-2)", "'1234500'", "1234500", "DECIMAL(7,0)");
    assertReads("numeric(2,4)", "'0.0012'", ".0012", "DECIMAL(4,4)");
  }

  @Test
  void decimalsWithoutALimitAreText() throws Exception {
    assertReads("numeric", "'1.50'", "1.50", "VARCHAR");
    assertReads("numeric", "'-Infinity'", "-Infinity", "VARCHAR");
    assertReads("numeric(40,2)", "'" + "9".repeat(38) + ".01'", "9".repeat(38) + ".01", "VARCHAR");
  }

  @Test
  void floatsKeepWhatIsNotANumberOrWithoutEnd() throws Exception {
    assertReads("real", "'NaN'", "nan", "FLOAT");
    assertReads("real", "0.1", "0.1", "FLOAT");
    assertReads("double precision", "'-Infinity'", "-inf", "DOUBLE");
    assertReads("double precision", "1.7976931348623157e308", "1.7976931348623157e+308", "DOUBLE");
  }

  @Test
  void textsAndBytes() throws Exception {
    assertReads("text", "'é \\\"ü\\\" 🐘'", "é \"ü\" 🐘", "VARCHAR");
    assertReads("varchar(3)", "''", "", "VARCHAR");
    assertReads(
        "uuid",
        "'0FABFCB2-3F3A-4b1c-9a3e-0123456789ab'",
        "0fabfcb2-3f3a-4b1c-9a3e-0123456789ab",
        "UUID");
    assertReads("jsonb", "'{\\\"a\\\":[1,null]}'", "{\"a\":[1,null]}", "JSON");
    assertReads("inet", "'10.0.0.1/8'", "10.0.0.1/8", "VARCHAR");
    assertReads("bytea", "'AAH/'", "hex:0001FF", "BLOB");
  }

  @Test
  void timesToTheMicrosecondAlsoBeforeChrist() throws Exception {
    assertReads("date", "'2026-02-28'", "2026-02-28", "DATE");
    assertReads("date", "'-0043-03-15'", "0044-03-15 (BC)", "DATE");
    assertReads("time", "'23:59:59.999999'", "23:59:59.999999", "TIME");
    assertReads("timetz", "'12:00:00.5+02:00'", "12:00:00.500+02:00", "VARCHAR");
    assertReads(
        "timestamp", "'1969-12-31T23:59:59.999999'", "1969-12-31 23:59:59.999999", "TIMESTAMP");
    assertReads("timestamp", "'-0043-03-15T12:00:00'", "0044-03-15 (BC) 12:00:00", "TIMESTAMP");
    assertReads(
        "timestamptz",
        "'2026-05-01T12:00:00.000001+02:00'",
        "2026-05-01 10:00:00.000001+00",
        "TIMESTAMP WITH TIME ZONE");
  }

  @Test
  void arraysKeepNullsAndNesting() throws Exception {
    assertReads("integer[]", "[1,null,3]", "[1, NULL, 3]", "INTEGER[]");
    assertReads("text[]", "[]", "[]", "VARCHAR[]");
    assertReads("numeric(4,1)[]", "['1.5']", "[1.5]", "DECIMAL(4,1)[]");
    assertReads("integer[][]", "[[1,2],[3,4]]", "[[1, 2], [3, 4]]", "INTEGER[][]");
  }

  @Test
  void whatParquetCannotHoldIsTextBeside() throws Exception {
    assertSpecial("numeric(10,2)", "'NaN'", "NaN");
    assertSpecial("date", "'infinity'", "infinity");
    assertSpecial("timestamp", "'-infinity'", "-infinity");
    assertSpecial("timestamptz", "'infinity'", "infinity");
    assertSpecial("numeric(4,1)[]", "['1.5','NaN']", "[1.5,\"NaN\"]");
  }

  @Test
  void nullIsNullAndNothingBeside() throws Exception {
    assertThat(
        read("date", "null", "v IS NULL, _special IS NULL, _unchanged IS NULL"),
        contains("true|true|true"));
  }

  private void assertReads(String type, String json, String expected, String duckDbType)
      throws Exception {
    String value = duckDbType.equals("BLOB") ? "'hex:' || hex(v)" : "CAST(v AS VARCHAR)";
    assertThat(
        type, read(type, json, "typeof(v), " + value), contains(duckDbType + "|" + expected));
  }

  private void assertSpecial(String type, String json, String text) throws Exception {
    assertThat(type, read(type, json, "v IS NULL, _special->>'v'"), contains("true|" + text));
  }

  private List<String> read(String type, String json, String select) throws Exception {
    Contract contract =
        Contract.parse(HEAD + "      - {name: v, physicalType: \"" + type + "\"}\n", "test");
    Path folder = Files.createTempDirectory(directory, "case");
    Path input =
        Files.writeString(
            folder.resolve("input.jsonl"),
            ("{'table':'public.items','op':'upsert','position':1,'key':{'id':1},"
                        + "'after':{'id':1,'v':")
                    .replace('\'', '"')
                + json.replace("'", "\"")
                + "}}\n");
    Path lake = folder.resolve("lake");
    Parsed parsed = Parsed.file(input, contract);
    assertThat(parsed.rejections(), hasSize(0));
    parsed.writeTo(WriteLake.to(lake.toString(), contract));
    try (Lake read = new Lake(lake)) {
      return read.rows("SELECT " + select + " FROM items");
    }
  }
}
