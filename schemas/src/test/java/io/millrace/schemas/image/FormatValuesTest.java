package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Contracts;
import io.millrace.schemas.contract.TableContract;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values as the tools around MySQL, Oracle and Kafka Connect write them. */
class FormatValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "canal | int | \"-7\" | -7",
        "canal | bigint unsigned | \"18446744073709551615\" | 18446744073709551615",
        "canal | boolean | \"0\" | false",
        "canal | numeric(8,3) | \"99999.999\" | 99999.999",
        "canal | double | \"0.65\" | 0.65",
        "canal | timestamp | \"2018-01-01 00:00:01\" | 2018-01-01T00:00:01",
        "canal | timestamptz | \"2018-01-01 00:00:01.25\" | 2018-01-01T00:00:01.250Z",
        "canal | date | \"2018-01-01\" | 2018-01-01",
        "canal | time | \"11:12:13\" | 11:12:13",
        "canal | year | \"2018\" | 2018",
        "canal | varbinary(9) | \"\\u00e6\\u0000~\" | e6007e",
        "canal | bit(4) | \"5\" | 0101",
        "canal | bit(1) | \"0\" | 0",
        "canal | bit(64) | \"18446744073709551615\" | 1111111111111111111111111111111111111111111111111111111111111111",
        "canal | set('a','b') | \"a,b\" | a,b",
        "maxwell | bit(4) | 5 | 0101",
        "maxwell | blob | \"bmluZQ==\" | 6e696e65",
        "maxwell | set('a','b') | [\"a\",\"b\"] | a,b",
        "maxwell | set('a','b') | [] | ``",
        "maxwell | datetime | \"2016-10-21 05:33:37.523000\" | 2016-10-21T05:33:37.523",
        "ogg | timestamp | \"1993-11-03:07:51:35\" | 1993-11-03T07:51:35",
        "ogg | text | 3.140000104904175 | 3.140000104904175",
        "aws_dms | timestamp | \"2020-01-09T04:13:38Z\" | 2020-01-09T04:13:38",
        "aws_dms | jsonb | \"{\\\"a\\\":1}\" | {\"a\":1}",
        "connect_jdbc | timestamp | 1577880000123 | 2020-01-01T12:00:00.123",
        "connect_jdbc | date | 18262 | 2020-01-01",
        "connect_jdbc | time | 1000 | 00:00:01"
      })
  void valueIsReadAsItsToolWritesIt(String format, String type, String json, String expected) {
    assertThat(decode(format, Contracts.withColumn(type, ""), json), equalTo(expected));
  }

  private static String decode(String format, TableContract table, String json) {
    ImageEncoding encoding = ImageEncoding.of(format, Map.of());
    Image image = Image.ofJson("{\"id\":1,\"value\":" + json + "}", encoding);
    ImageReader reader = new ImageReader(table, encoding, UnknownColumns.CAPTURE);
    reader.check(image);
    Columns columns = reader.read(image);
    assertThat(columns.isSupplied(1), is(true));
    Object value = columns.value(1);
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "canal | date | \"0000-00-00\" | zero.date.mode",
        "maxwell | datetime | \"0000-00-00 00:00:00\" | zero.date.mode",
        "canal | date | \"2018-00-00\" | not an ISO-8601 date",
        "canal | bytea | \"\u20ac\" | iso-8859-1",
        "canal | bit(2) | \"5\" | does not fit bit(2)",
        "canal | bit(2) | \"x\" | not bits written as a number",
        "canal | time | \"838:59:59\" | not an ISO-8601 date or time",
        "maxwell | set('a') | [[]] | no member of a set",
        "maxwell | text | [\"a\"] | an object or array is not text",
        "aws_dms | bytea | \"beef\" | set binary.handling.mode"
      })
  void whatCannotBeToldIsRejectedWithTheRemedy(
      String format, String type, String json, String reason) {
    RejectedRecordException rejected =
        assertThrows(
            RejectedRecordException.class,
            () -> decode(format, Contracts.withColumn(type, ""), json));
    assertThat(rejected.reason(), is(Reason.BAD_VALUE));
    assertThat(rejected.getMessage(), containsString(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "canal | date | zero.date.mode: \"null\" | \"0000-00-00\" | null",
        "maxwell | datetime | zero.date.mode: \"null\" | \"0000-00-00 00:00:00\" | null",
        "aws_dms | bytea | binary.handling.mode: hex | \"beef\" | beef",
        "canal | timestamptz | time.zone: Asia/Shanghai | \"2018-01-01 08:00:01\" | 2018-01-01T00:00:01Z",
        "canal | timestamptz | time.zone: Asia/Shanghai | \"2018-01-01T08:00:01+00:00\" | 2018-01-01T08:00:01Z",
        "canal | timestamptz | time.zone: Asia/Shanghai | \"2018-01-01T08:00:01Z\" | 2018-01-01T08:00:01Z",
        "canal | timestamptz | time.zone: Asia/Shanghai | \"infinity\" | +1000000000-12-31T23:59:59.999999999Z",
        "canal | timestamp | time.zone: Asia/Shanghai | \"2018-01-01 08:00:01\" | 2018-01-01T08:00:01",
        "debezium | timestamptz | time.zone: Asia/Shanghai | 1000000 | 1970-01-01T00:00:01Z",
        "canal | bytea | binary.handling.mode: base64 | \"bmluZQ==\" | 6e696e65"
      })
  void contractSaysOtherwise(
      String format, String type, String property, String json, String expected) {
    int colon = property.indexOf(": ");
    TableContract table =
        Contract.parse(
                """
                apiVersion: v3.0.2
                kind: DataContract
                id: test
                version: 1.0.0
                status: active
                customProperties:
                  - {property: %s, value: %s}
                schema:
                  - name: things
                    properties:
                      - {name: id, physicalType: bigint, primaryKey: true}
                      - {name: value, physicalType: "%s"}
                """
                    .formatted(property.substring(0, colon), property.substring(colon + 2), type),
                "test contract")
            .tables()
            .get(0);
    assertThat(decode(format, table, json), equalTo(expected));
  }
}
