package io.millrace.schemas.avro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroRecordsTest {

  private static byte[] file(String codec, Schema schema, List<Object> values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(CodecFactory.fromString(codec));
      writer.setSyncInterval(64);
      writer.create(schema, bytes);
      for (Object value : values) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("v", value);
        writer.append(row);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static Schema schema(String type) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"v\",\"type\":%s}]}"
                .formatted(type.replace('\'', '"')));
  }

  private static List<String> read(byte[] file) throws IOException {
    List<String> read = new ArrayList<>();
    try (AvroRecords records = AvroRecords.open(new ByteArrayInputStream(file))) {
      for (byte[] record = records.next(); record != null; record = records.next()) {
        read.add(new String(record, UTF_8));
      }
    }
    return read;
  }

  private static String readOne(String type, Object value) throws IOException {
    return read(file("null", schema(type), List.of(value))).get(0).replace('"', '\'');
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy"})
  void recordsOfManyBlocksAreReadInOrder(String codec) throws IOException {
    List<Object> values = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      values.add("value " + i);
      expected.add("{\"v\":\"value " + i + "\"}");
    }
    assertThat(read(file(codec, schema("'string'"), values)), equalTo(expected));
    assertThat(read(file(codec, schema("'string'"), List.of())), is(empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'int','logicalType':'date'} | -1 | '1969-12-31'",
        "{'type':'int','logicalType':'time-millis'} | 1001 | '00:00:01.001'",
        "{'type':'long','logicalType':'time-micros'} | 86399999999 | '23:59:59.999999'",
        "{'type':'long','logicalType':'time-micros'} | 86400000000 | 86400000000",
        "{'type':'long','logicalType':'time-micros'} | -1 | -1",
        "{'type':'long','logicalType':'timestamp-millis'} | -1 | '1969-12-31T23:59:59.999Z'",
        "{'type':'long','logicalType':'timestamp-micros'} | 1640410924408001 | '2021-12-25T05:42:04.408001Z'",
        "{'type':'long','logicalType':'local-timestamp-micros'} | 1640410924408001 | '2021-12-25T05:42:04.408001'",
        "{'type':'long','logicalType':'local-timestamp-millis'} | 1640410924000 | '2021-12-25T05:42:04'",
        "{'type':'long','logicalType':'another'} | 5 | 5"
      })
  void numbersOfTimesAreReadable(String type, long number, String expected) throws IOException {
    Object value = type.contains("'int'") ? (Object) (int) number : (Object) number;
    assertThat(readOne(type, value), equalTo("{'v':" + expected + "}"));
  }

  @Test
  void decimalsAreNumbersAndOtherBytesAreBase64() throws IOException {
    String decimal = "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2}";
    ByteBuffer bytes = ByteBuffer.wrap(BigInteger.valueOf(-1050).toByteArray());
    assertThat(readOne(decimal, bytes), equalTo("{'v':-10.50}"));
    assertThat(readOne("'bytes'", ByteBuffer.wrap(new byte[] {0, 1, 2})), equalTo("{'v':'AAEC'}"));
  }

  private static GenericRecord parts(String name, String[] fields, long... values) {
    StringBuilder schema = new StringBuilder("{'type':'record','name':'" + name + "','fields':[");
    for (String field : fields) {
      schema.append(schema.charAt(schema.length() - 1) == '[' ? "" : ",");
      schema.append("{'name':'").append(field).append("','type':['null','long']}");
    }
    GenericRecord record =
        new GenericData.Record(
            new Schema.Parser().parse(schema.append("]}").toString().replace('\'', '"')));
    for (int i = 0; i < values.length; i++) {
      record.put(i, values[i]);
    }
    return record;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "timestampTz | timestamp,offset | 1640410924408001,3600000 | '2021-12-25T05:42:04.408001Z'",
        "datetime | date,time | 18986,20524408001 | '2021-12-25T05:42:04.408001'",
        "datetime | date,time | 18986,86400000000 | '{date=18986, time=86400000000}'",
        "calendarDate | year,month,day | 2021,12,25 | '2021-12-25'",
        "calendarDate | year,month,day | 0,0,0 | '{year=0, month=0, day=0}'",
        "year | year | 2021 | '2021'",
        "interval | months,hours,micros | 14,-3,500000 | '14 months -3 hours 500000 microseconds'",
        "intervalNano | years,months,days,hours,minutes,seconds,nanos | 1,2,3,4,5,6,7000 | '1 years 2 months 3 days 4 hours 5 minutes 6 seconds 7 microseconds'",
        // one that only has the name
        "year | year,month | 2021,12 | {'year':2021,'month':12}"
      })
  void recordsOfDatastreamAreReadable(String name, String fields, String values, String expected)
      throws IOException {
    GenericRecord record =
        parts(
            name,
            fields.split(",", -1),
            Arrays.stream(values.split(",", -1)).mapToLong(Long::parseLong).toArray());
    assertThat(readOne(record.getSchema().toString(), record), equalTo("{'v':" + expected + "}"));
  }

  @Test
  void fileThatIsNoneOrIsDamagedIsFound() {
    IOException none =
        assertThrows(IOException.class, () -> read("{\"a\":1}\n".repeat(9).getBytes(UTF_8)));
    assertThat(none.getMessage(), containsString("Not an Avro data file"));
    byte[] file = file("null", schema("'string'"), List.of("one", "two", "three"));
    for (int cut : new int[] {1, 16, 20, 28}) {
      assertThrows(IOException.class, () -> read(Arrays.copyOf(file, file.length - cut)));
    }
    byte[] damaged = file.clone();
    // The first record's length: longer than its block.
    int length = new String(file, ISO_8859_1).indexOf("one") - 1;
    damaged[length] = 126;
    assertThrows(IOException.class, () -> read(damaged));
    damaged[length] = 2;
    assertThrows(IOException.class, () -> read(damaged));
  }

  @Test
  void unionIsTheValueItHolds() throws IOException {
    Schema schema = schema("['null','string',{'type':'array','items':'int'}]");
    List<String> read = read(file("null", schema, Arrays.asList("a", null, List.of(1, 2))));
    assertThat(read, hasSize(3));
    assertThat(read, contains("{\"v\":\"a\"}", "{\"v\":null}", "{\"v\":[1,2]}"));
  }
}
