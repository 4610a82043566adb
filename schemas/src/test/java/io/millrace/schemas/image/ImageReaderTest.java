package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contracts;
import io.millrace.schemas.contract.TableContract;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReaderTest {

  /** Each encoding that Debezium documents: contract type, what the schema block names, JSON. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean | | true | true",
        "boolean | | 1 | true",
        "smallint | | -128 | -128",
        "integer | | 39.0 | 39",
        "integer | io.debezium.time.Year | 2022 | 2022",
        "bigint | | \"9223372036854775807\" | 9223372036854775807",
        "numeric(10,2) | | \"10.50\" | 10.50",
        "numeric(10,2) | | 10.5 | 10.5",
        "numeric(10,2) | org.apache.kafka.connect.data.Decimal:2 | \"BBo=\" | 10.50",
        "numeric(10,2) | org.apache.kafka.connect.data.Decimal:2 | 123 | 123",
        "numeric | io.debezium.data.VariableScaleDecimal | {\"scale\":3,\"value\":\"BBo=\"} | 1.050",
        "numeric | | \"NaN\" | NaN",
        "numeric(10,2) | | \"NAN\" | NaN",
        "numeric | | \"POSITIVE_INFINITY\" | Infinity",
        "numeric | | \"NEGATIVE_INFINITY\" | -Infinity",
        "bigint unsigned | | 18446744073709551615 | 18446744073709551615",
        "money | | \"12.34\" | 12.34",
        "real | | 12.34000015258789 | 12.34",
        "double precision | | 0.1 | 0.1",
        "double precision | | -0.0 | -0.0",
        "real | | -0.0 | -0.0",
        "double precision | | \"-Infinity\" | -Infinity",
        "text | | \"tom\" | tom",
        "varchar(2) | | \"\\ud83d\\ude00x\" | 😀x",
        "char(3) | | \"ab    \" | `ab    `",
        "char(2) | | \"\\ud83d\\ude00x \" | `😀x `",
        "uuid | io.debezium.data.Uuid | \"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\" | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "jsonb | io.debezium.data.Json | \"{\\\"key\\\": [1, null]}\" | {\"key\": [1, null]}",
        "jsonb | | {\"key\":[1,null]} | {\"key\":[1,null]}",
        "jsonb | | \"3\" | 3",
        "bytea | | \"aGVsbG8=\" | 68656c6c6f",
        "date | io.debezium.time.Date | 19109 | 2022-04-27",
        "date | | -1 | 1969-12-31",
        "date | | -622191234 | +999999999-12-31",
        "date | | -2147472692 | +999999999-12-31",
        "date | | -625821272 | -999999999-01-01",
        "date | | -2147472691 | -999999999-01-01",
        "date | | \"2022-04-27\" | 2022-04-27",
        "date | io.debezium.time.IsoDate | \"2022-04-27Z\" | 2022-04-27",
        "date | org.apache.kafka.connect.data.Date | 19109 | 2022-04-27",
        "date | io.debezium.time.Timestamp | 1651069800000 | 2022-04-27",
        "time | io.debezium.time.Time | 52200000 | 14:30",
        "time | io.debezium.time.MicroTime | 52200000001 | 14:30:00.000001",
        "time | io.debezium.time.NanoTime | 52200000000001 | 14:30:00.000000001",
        "time | io.debezium.time.IsoTime | \"14:30:00.5Z\" | 14:30:00.500",
        "time | org.apache.kafka.connect.data.Time | 52200000 | 14:30",
        "time(3) | | 52200000 | 14:30",
        "time | | 52200000000 | 14:30",
        "timetz | io.debezium.time.ZonedTime | \"14:30:00+02:00\" | 14:30+02:00",
        "timestamp | io.debezium.time.Timestamp | 1651069800000 | 2022-04-27T14:30",
        "timestamp | io.debezium.time.MicroTimestamp | 1651069800000001 | 2022-04-27T14:30:00.000001",
        "timestamp | io.debezium.time.NanoTimestamp | 1651069800000000001 | 2022-04-27T14:30:00.000000001",
        "timestamp | io.debezium.time.IsoTimestamp | \"2022-04-27T14:30:00Z\" | 2022-04-27T14:30",
        "timestamp | org.apache.kafka.connect.data.Timestamp | 1651069800000 | 2022-04-27T14:30",
        "timestamp(3) | | 1651069800000 | 2022-04-27T14:30",
        "timestamp | | 1651069800000000 | 2022-04-27T14:30",
        "timestamp(3) | | 9223372036825200 | +999999999-12-31T23:59:59.999999999",
        "timestamp(3) | | -9223372036832400 | -999999999-01-01T00:00",
        "timestamp | | 9223372036825200000 | +999999999-12-31T23:59:59.999999999",
        "timestamp | | -9223372036832400000 | -999999999-01-01T00:00",
        "timestamp | io.debezium.time.NanoTimestamp | 9223372036854775807 | +999999999-12-31T23:59:59.999999999",
        "timestamp | io.debezium.time.IsoTimestamp | \"+294247-01-10T04:00:25.2Z\" | +999999999-12-31T23:59:59.999999999",
        "timestamp | io.debezium.time.IsoTimestamp | \"-290308-12-21T19:59:27.6Z\" | -999999999-01-01T00:00",
        "timestamp | | -1 | 1969-12-31T23:59:59.999999",
        "timestamp | | \"2022-04-27 14:30:00\" | 2022-04-27T14:30",
        "datetime | | 1651069800000 | 2022-04-27T14:30",
        "timestamptz | io.debezium.time.ZonedTimestamp | \"2023-04-27T03:08:40.123456Z\" | 2023-04-27T03:08:40.123456Z",
        "timestamptz | | \"2023-04-27T03:08:40+02:00\" | 2023-04-27T01:08:40Z",
        "timestamptz | | \"infinity\" | +1000000000-12-31T23:59:59.999999999Z",
        "interval | | 1000000 | 1000000 microseconds",
        "interval | io.debezium.time.MicroDuration | 1000000 | 1000000 microseconds",
        "interval | io.debezium.time.Interval | \"P1Y2M3DT4H5M6.78S\" | P1Y2M3DT4H5M6.78S",
        "inet | | \"10.0.0.0/8\" | 10.0.0.0/8",
        "bit(10) | io.debezium.data.Bits | \"BQI=\" | 1000000101",
        "hstore | | {\"a\":\"b\"} | {\"a\":\"b\"}",
        "text | io.debezium.data.Enum | \"enum2\" | enum2",
        "integer[] | | [1,null,3] | [1, null, 3]",
        "text[] | | [\"a,b\",\"c\"] | [a,b, c]",
        "integer[][] | | [[1,2],[3,4]] | [[1, 2], [3, 4]]",
        "date[] | io.debezium.time.Date | [19109] | [2022-04-27]"
      })
  void everyDocumentedEncodingIsDecoded(
      String type, String encoding, String json, String expected) {
    TableContract table = Contracts.withColumn(type, "");
    assertThat(decode(table, encoding, json), equalTo(expected));
  }

  private static String decode(TableContract table, String encoding, String json) {
    ImageEncoding known =
        encoding == null
            ? ImageEncoding.DEBEZIUM
            : ImageEncoding.of("debezium", Map.of("value", encoding));
    Image image = Image.ofJson("{\"id\":1,\"value\":" + json + "}", known);
    ImageReader reader = new ImageReader(table, known, UnknownColumns.CAPTURE);
    reader.check(image);
    Columns columns = reader.read(image);
    assertThat(columns.isSupplied(1), is(true));
    Object value = columns.value(1);
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  /** Where no schema block tells the encoding, the contract does, in Debezium's own words. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "numeric(10,2) | decimal.handling.mode | precise | \"BBo=\" | 10.50",
        "bytea | binary.handling.mode | hex | \"68656c6c6f\" | 68656c6c6f",
        "bytea | binary.handling.mode | base64-url-safe | \"_-8=\" | ffef",
        "time | time.precision.mode | connect | 52200000 | 14:30",
        "time(3) | time.precision.mode | adaptive_time_microseconds | 52200000000 | 14:30",
        "timestamp | time.precision.mode | connect | 1651069800000 | 2022-04-27T14:30",
        "timestamp | time.precision.mode | nanoseconds | 1651069800000000000 | 2022-04-27T14:30",
        "timestamp | encoding | io.debezium.time.Timestamp | 1651069800000 | 2022-04-27T14:30"
      })
  void contractNamesTheEncodingWhereTheEventDoesNot(
      String type, String property, String mode, String json, String expected) {
    TableContract table =
        Contracts.withColumn(
            type, ", customProperties: [{property: " + property + ", value: " + mode + "}]");
    if (!property.equals("encoding")) {
      table =
          io.millrace.schemas.contract.Contract.parse(
                  """
                  apiVersion: v3.0.2
                  kind: DataContract
                  id: test
                  version: 1.0.0
                  status: active
                  schema:
                    - name: things
                      customProperties: [{property: %s, value: %s}]
                      properties:
                        - {name: id, physicalType: bigint, primaryKey: true}
                        - {name: value, physicalType: "%s"}
                  """
                      .formatted(property, mode, type),
                  "test contract")
              .tables()
              .get(0);
    }
    assertThat(decode(table, null, json), equalTo(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean | 2 | is not a boolean",
        "smallint | 40000 | is out of the type's range",
        "integer | 1.5 | is not a whole number",
        "integer | {} | is not a whole number",
        "bigint | 92233720368547758080 | is out of the type's range",
        "numeric(5,2) | 1000 | is out of the range of numeric(5,2)",
        "numeric(5,2) | \"Infinity\" | does not fit numeric(5,2)",
        "numeric | \"BBo=\" | set decimal.handling.mode: precise",
        "numeric | \"1e99999999\" | has too many digits",
        "real | 1e39 | is out of the range of real",
        "double precision | 1e400 | is out of the range of double precision",
        "varchar(2) | \"abc\" | has 3 characters, more than varchar(2)",
        "char(2) | \"ab\\n\" | has 3 characters, more than char(2)",
        "text | [] | is not text",
        "uuid | \"1234\" | is not a UUID",
        "jsonb | \"{\" | is not JSON",
        "jsonb | \"{} {}\" | is more than one JSON value",
        "jsonb | \"\" | is not JSON",
        "jsonb | \"\\\"\\\\u0000\\\"\" | NUL",
        "bytea | \"***\" | is not base64",
        "date | 99999999999 | is out of the range of date",
        "date | \"tomorrow\" | is not an ISO-8601 date or time",
        "time | 86400000001 | is not a time of day",
        "time | -1 | is not a time of day",
        "timestamp | -9200000000000000000 | is out of the range of timestamp",
        "timestamp | 9999999999999999999 | is out of the type's range",
        "timestamptz | true | a whole number or ISO-8601",
        "jsonb | {\"a\":\"\\u0000\"} | NUL",
        "jsonb | {\"a\":\"\\ud800\"} | surrogate",
        "jsonb | [1e999999] | has too many digits",
        "jsonb | \"[1e999999]\" | has too many digits",
        "numeric | {\"scale\":0,\"value\":null} | base64",
        "numeric | {\"scale\":4294967298,\"value\":\"AQ==\"} | out of the type's range",
        "integer[] | \"1\" | is not an array",
        "integer[] | [\"x\"] | is not a number",
        "integer[][] | [[1],[2,3]] | not of one length",
        "integer[][] | [[1],null] | not of one length",
        "integer[][][] | [[[1]],[[1,2]]] | not of one length",
        "timetz | \"12:00:00+16:00\" | out of the range of timetz"
      })
  void valueThatDoesNotFitIsRejectedWithTheReason(String type, String json, String reason) {
    TableContract table = Contracts.withColumn(type, "");
    Image image = Image.ofJson("{\"id\":1,\"value\":" + json + "}", ImageEncoding.DEBEZIUM);
    ImageReader reader = new ImageReader(table, ImageEncoding.DEBEZIUM, UnknownColumns.CAPTURE);
    RejectedRecordException rejected =
        assertThrows(RejectedRecordException.class, () -> reader.check(image));
    assertThat(rejected.getMessage(), containsString(reason));
    assertThat(rejected.getMessage(), containsString("column value (" + type + ")"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text | \"__debezium_unavailable_value\"",
        "jsonb | \"__debezium_unavailable_value\"",
        "bytea | \"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"",
        "text[] | [\"__debezium_unavailable_value\"]",
        "integer[] | [95,95,100,101,98,101,122,105,117,109,95,117,110,97,118,97,105,108,97,98,108,101,95,118,97,108,117,101]"
      })
  void placeholderInAnyFormIsUnchanged(String type, String json) {
    TableContract table = Contracts.withColumn(type, "");
    Image image = Image.ofJson("{\"id\":1,\"value\":" + json + "}", ImageEncoding.DEBEZIUM);
    Columns columns =
        new ImageReader(table, ImageEncoding.DEBEZIUM, UnknownColumns.CAPTURE).read(image);
    assertThat(columns.isSupplied(1), is(false));
    assertThat(columns.unchanged(), equalTo(java.util.List.of("value")));
  }

  /** A schema block that contradicts the contract is bad data, not a fault of the program. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "time | io.debezium.time.Date | 19000 | is a date",
        "bit(8) | io.debezium.data.Bits | \"!!\" | is not the base64 of bits"
      })
  void encodingThatDoesNotFitTheTypeIsRejected(
      String type, String encoding, String json, String reason) {
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () -> decode(Contracts.withColumn(type, ""), encoding, json));
    assertThat(rejected.getMessage(), containsString(reason));
  }

  @Test
  void placeholderOfAnUnknownColumnIsNotCaptured() {
    TableContract table = Contracts.withColumn("text", "");
    String json =
        "{\"id\":1,\"bio\":\"__debezium_unavailable_value\",\"tags\":[\"__debezium_unavailable_value\"],\"x\":1}";
    assertThat(
        new ImageReader(table, ImageEncoding.DEBEZIUM, UnknownColumns.CAPTURE)
            .read(Image.ofJson(json, ImageEncoding.DEBEZIUM))
            .extra(),
        equalTo("{\"x\":1}"));
  }

  @Test
  void nullIsAValueAndAbsenceIsNot() {
    TableContract table = Contracts.withColumn("text", "");
    ImageReader reader = new ImageReader(table, ImageEncoding.CHANGES, UnknownColumns.CAPTURE);
    Columns columns = reader.read(Image.ofJson("{\"id\":1,\"value\":null}", ImageEncoding.CHANGES));
    assertThat(columns.isSupplied(1), is(true));
    assertThat(columns.value(1), is(nullValue()));
    columns = reader.read(Image.ofJson("{\"id\":1}", ImageEncoding.CHANGES));
    assertThat(columns.isSupplied(1), is(false));
  }

  @Test
  void unknownColumnsAreKeptAsJson() {
    TableContract table = Contracts.withColumn("text", "");
    String json =
        "{\"id\":1,\"a\\\"b\":[1,{\"x\":null}],\"value\":\"v\",\"n\":0.10000000000000000001}";
    ImageReader capture = new ImageReader(table, ImageEncoding.CHANGES, UnknownColumns.CAPTURE);
    assertThat(
        capture.read(Image.ofJson(json, ImageEncoding.CHANGES)).extra(),
        equalTo("{\"a\\\"b\":[1,{\"x\":null}],\"n\":0.10000000000000000001}"));
    ImageReader ignore = new ImageReader(table, ImageEncoding.CHANGES, UnknownColumns.IGNORE);
    Columns ignored = ignore.read(Image.ofJson(json, ImageEncoding.CHANGES));
    assertThat(ignored.extra(), is(nullValue()));
    assertThat(ignored.unknown(), is(2));
  }
}
