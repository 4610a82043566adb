package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Key;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contracts;
import io.millrace.schemas.contract.TableContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCodecTest {

  /** State and tombstones hold keys for ever: these bytes must never change. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bigint | 7 | 0e | 7",
        "integer | -1 | 01 | -1",
        "smallint | 300 | d804 | 300",
        "boolean | true | 01 | true",
        "numeric | \"10.500\" | 0431302e35 | 10.5",
        "numeric | 0.00 | 0130 | 0",
        "numeric | \"NaN\" | 034e614e | NaN",
        "double precision | -0.0 | 03302e30 | 0.0",
        "real | 0.5 | 03302e35 | 0.5",
        "text | \"é\" | 02c3a9 | é",
        "char(4) | \"ab  \" | 026162 | ab",
        "char(4) | \"a \\u2028\" | 056120e280a8 | `a \u2028`",
        "uuid | \"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\" | 2461306565626339392d396330622d346566382d626236642d366262396264333830613131 | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "date | 19109 | caaa02 | 2022-04-27",
        "time | 52200000000 | 80a0d4939cef0b | 14:30",
        "timetz | \"14:30:00+02:00\" | 0b31343a33302b30323a3030 | 14:30+02:00",
        "timestamp | -1 | 01988cebdc03 | 1969-12-31T23:59:59.999999",
        "timestamptz | \"1970-01-01T00:00:01Z\" | 0200 | 1970-01-01T00:00:01Z"
      })
  void goldenBytesOfEachType(String type, String json, String hex, String decoded) {
    TableContract table =
        Contracts.table("- {name: id, physicalType: \"" + type + "\", primaryKey: true}");
    Columns columns =
        new ImageReader(table, ImageEncoding.DEBEZIUM, UnknownColumns.CAPTURE)
            .readWanted(Image.ofJson("{\"id\":" + json + "}", ImageEncoding.DEBEZIUM));
    KeyCodec codec = new KeyCodec(table);
    Key key = codec.encode(columns);
    assertThat(key.toString(), equalTo(hex));
    assertThat(codec.decode(key)[0].toString(), equalTo(decoded));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{\"b\":2,\"a\":\"x\",\"c\":0}"})
  void compositeKeyIsInTheKeysOrder(String json) {
    TableContract table =
        Contracts.table(
            "- {name: b, physicalType: integer, primaryKey: true, primaryKeyPosition: 2}",
            "- {name: a, physicalType: text, primaryKey: true, primaryKeyPosition: 1}",
            "- {name: c, physicalType: integer}");
    Columns columns =
        new ImageReader(table, ImageEncoding.DEBEZIUM, UnknownColumns.CAPTURE)
            .readWanted(Image.ofJson(json, ImageEncoding.DEBEZIUM));
    KeyCodec codec = new KeyCodec(table);
    assertThat(codec.encode(columns).toString(), equalTo("017804"));
    assertThat(codec.decode(codec.encode(columns)), equalTo(new Object[] {"x", 2}));
  }
}
