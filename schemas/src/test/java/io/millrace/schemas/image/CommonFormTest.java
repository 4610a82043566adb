package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Mutations;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contracts;
import io.millrace.schemas.contract.TableContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Images of the common form are checked without a parser, and a blank makes them another's. */
class CommonFormTest {
  private static final List<String> TYPES =
      List.of(
          "boolean",
          "smallint",
          "integer",
          "bigint",
          "numeric(6,2)",
          "numeric(2,2)",
          "numeric(2,4)",
          "numeric(4,0)",
          "numeric",
          "real",
          "double precision",
          "text",
          "varchar(5)",
          "char(3)",
          "uuid",
          "jsonb",
          "bytea",
          "date",
          "time",
          "timestamp",
          "timestamp(3)",
          "timestamptz",
          "timetz",
          "interval",
          "bit(4)",
          "set('a','b')",
          "text[]");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-0",
          "1",
          "-128",
          "32768",
          "-2147483649",
          "99999999999999999",
          "9223372036854775807",
          "9223372036854775808",
          "10.50",
          "0.0123",
          "1e5",
          "-0.0",
          "3.5e38",
          "\"10.50\"",
          "\"-9999.99\"",
          "\"10000\"",
          "\"0.01\"",
          "\".5\"",
          "\"NaN\"",
          "\"\"",
          "\"caf\u00e9\"",
          "\"\ud83d\ude00\ud83d\ude00ab\"",
          "\"\\ud83d\\ude00x\"",
          "\"\\ud83d\"",
          "\"a\\\"b\\\\\"",
          "\"ab   \"",
          "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
          "\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"",
          "\"{\\\"key\\\": [1, null]}\"",
          "{\"key\":[1,null,\"x\\u0000\"]}",
          "\"aGVsbG8=\"",
          "[\"a\",null]",
          "[]",
          "19109",
          "-719163",
          "52200000",
          "86400000000",
          "1651069800000000",
          "-62135596800000000",
          "9223372036825200000",
          "\"2022-04-27\"",
          "\"2022-02-29\"",
          "\"0000-01-01\"",
          "\"0000-00-00\"",
          "\"0000-00-00 00:00:00\"",
          "\"2022-04-27T14:30:00Z\"",
          "\"2022-04-27T14:30:00.123456789Z\"",
          "\"2022-04-27T24:00:00Z\"",
          "\"2022-04-27T14:30:60Z\"",
          "\"2022-04-27T14:30:00+02:00\"",
          "\"2022-04-27T14:30:00.\"",
          "\"2022-04-27 14:30:00\"",
          "\"14:30:00\"",
          "\"infinity\"",
          "\"__debezium_unavailable_value\"",
          "\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"",
          "[\"__debezium_unavailable_value\"]");

  private static final List<ImageEncoding> ENCODINGS =
      List.of(
          ImageEncoding.DEBEZIUM,
          ImageEncoding.MAXWELL,
          ImageEncoding.CANAL,
          ImageEncoding.CONNECT_JDBC);

  private record Readers(
      TableContract table, ImageEncoding encoding, ImageReader scanning, ImageReader parsing) {}

  private final List<Readers> readers = new ArrayList<>();

  CommonFormTest() {
    for (String type : TYPES) {
      TableContract table = Contracts.withColumn(type, "");
      for (ImageEncoding encoding : ENCODINGS) {
        readers.add(
            new Readers(
                table,
                encoding,
                new ImageReader(table, encoding, UnknownColumns.CAPTURE),
                new ImageReader(table, encoding, UnknownColumns.CAPTURE)));
      }
    }
  }

  @Property(tries = 60_000)
  void anImageMeansTheSameScannedAndParsed(@ForAll long seed) {
    Random random = new Random(seed);
    String value = VALUES.get(random.nextInt(VALUES.size()));
    String more =
        random.nextInt(4) == 0 ? ",\"more\":" + VALUES.get(random.nextInt(VALUES.size())) : "";
    byte[] image = Mutations.mutate("{\"id\":12,\"value\":" + value + more + "}", random);
    Readers both = readers.get(random.nextInt(readers.size()));
    assertThat(
        both.encoding + " " + both.table + " " + new String(image, StandardCharsets.UTF_8),
        meaning(both.scanning, both, image),
        equalTo(meaning(both.parsing, both, Mutations.withBlank(image))));
  }

  private static String meaning(ImageReader reader, Readers both, byte[] bytes) {
    Image image = Image.of(bytes, 0, bytes.length, both.encoding);
    try {
      Columns columns = reader.check(image);
      return columns.value(0)
          + " "
          + columns.isSupplied(1)
          + (columns.value(1) == null ? " null " : " a value ")
          + columns.unchanged()
          + columns.unknown()
          + both.table.name();
    } catch (RejectedRecordException e) {
      // A parser's complaint names a place, and the blank moves it.
      boolean placed = e.reason() == Reason.MALFORMED || e.reason() == Reason.TOO_LARGE;
      return e.reason() + (placed ? "" : " " + e.getMessage());
    }
  }
}
