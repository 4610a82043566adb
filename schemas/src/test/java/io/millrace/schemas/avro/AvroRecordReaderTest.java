package io.millrace.schemas.avro;

import static io.millrace.schemas.avro.AvroEvents.CONTRACT;
import static io.millrace.schemas.avro.AvroEvents.ENVELOPE;
import static io.millrace.schemas.avro.AvroEvents.KEY;
import static io.millrace.schemas.avro.AvroEvents.avro;
import static io.millrace.schemas.avro.AvroEvents.confluent;
import static io.millrace.schemas.avro.AvroEvents.event;
import static io.millrace.schemas.avro.AvroEvents.row;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.Control;
import io.millrace.schemas.format.RecordReader;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroRecordReaderTest {
  private static final Map<Long, String> REGISTRY =
      Map.of(7L, ENVELOPE.toString(), 8L, KEY.toString(), 9L, "{\"type\": \"none\"}");

  private static final List<Long> ASKED = new ArrayList<>();

  private final RecordReader reader =
      AvroRecordReader.of(
          ChangeFormat.DEBEZIUM.open(CONTRACT, UnknownColumns.CAPTURE, 0),
          () ->
              id -> {
                ASKED.add(id);
                return REGISTRY.get(id);
              });

  private List<ChangeEvent> read(byte[] key, byte[] value) {
    RecordBlock.Writer block = new RecordBlock.Writer(64);
    block.add(17, Origin.NO_LINE, 5, key, value, 0, value == null ? 0 : value.length);
    RecordBlock.Cursor cursor = RecordBlock.of("shop.public.things", 3, block.take()).records();
    cursor.next();
    List<ChangeEvent> events = new ArrayList<>();
    reader.read(
        cursor,
        new RecordReader.Output() {
          @Override
          public void change(ChangeEvent event) {
            events.add(event);
          }

          @Override
          public void control(Control control) {
            // A damaged name may be that of another table.
          }
        });
    return events;
  }

  @Test
  void rowHasTheValuesThatItsEncodingsMean() {
    ChangeEvent event = read(null, avro(confluent(7), event("c", null, row()))).get(0);
    assertThat(event.operation(), is(Operation.INSERT));
    assertThat(event.origin(), equalTo(Origin.ofTopic("shop.public.things", 3, 17)));
    assertThat(event.receivedAt(), equalTo(5_000L));
    Columns columns =
        new ImageReader(CONTRACT.tables().get(0), event.after().encoding(), UnknownColumns.REJECT)
            .read(event.after());
    assertThat(columns.value(0), equalTo(1L));
    assertThat(columns.value(1), equalTo("n\u00e9"));
    assertThat(columns.value(2), equalTo(new BigDecimal("10.50")));
    assertThat(columns.value(3), equalTo(new BigDecimal("-12.345")));
    assertThat(columns.value(4), equalTo(Instant.parse("2023-11-14T22:13:20.123456Z")));
    assertThat(columns.value(5), equalTo(LocalDate.of(2022, 1, 8)));
    assertThat(columns.value(6), equalTo(new byte[] {0, -1}));
    assertThat(columns.value(7), equalTo(Arrays.asList("a", null)));
    assertThat(columns.value(8), equalTo(Double.NaN));
  }

  @Test
  void logicalTypesMeanTheSame() {
    String logical =
        ENVELOPE
            .toString()
            .replace(
                "\"connect.name\":\"io.debezium.time.MicroTimestamp\"",
                "\"logicalType\":\"timestamp-micros\"")
            .replace("\"connect.name\":\"io.debezium.time.Date\"", "\"logicalType\":\"date\"")
            .replace(",\"connect.name\":\"org.apache.kafka.connect.data.Decimal\"", "")
            .replace(",\"connect.parameters\":{\"scale\":\"2\"}", "");
    assertThat(logical, not(containsString("data.Decimal")));
    assertThat(connectSchema(logical), equalTo(connectSchema(ENVELOPE.toString())));
  }

  private static String connectSchema(String avro) {
    return new String(AvroSchema.parse(avro, 1).connectSchema(), StandardCharsets.UTF_8);
  }

  @Test
  void keyOfADeleteMayBeAvroOrJson() {
    GenericRecord key = new GenericData.Record(KEY);
    key.put("id", 1);
    byte[] delete = avro(confluent(7), event("d", null, null));
    ChangeEvent insert = read(null, avro(confluent(7), event("c", null, row()))).get(0);
    assertThat(read(avro(confluent(8), key), delete).get(0).key(), equalTo(insert.key()));
    byte[] json = "{\"id\":1}".getBytes(StandardCharsets.UTF_8);
    assertThat(read(json, delete).get(0).key(), equalTo(insert.key()));
    byte[] jsonDelete =
        "{\"before\":null,\"after\":null,\"source\":{\"connector\":\"postgresql\",\"schema\":\"public\",\"table\":\"things\",\"lsn\":5},\"op\":\"d\"}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(read(avro(confluent(8), key), jsonDelete).get(0).key(), equalTo(insert.key()));
  }

  @Test
  void eightBytesOfAnIdAreToldFromFour() {
    byte[] header = ByteBuffer.allocate(9).put((byte) 0).putLong(7).array();
    assertThat(read(null, avro(header, event("c", null, row()))), hasSize(1));
  }

  @Test
  void schemasAreAskedForOnce() {
    ASKED.clear();
    read(null, avro(confluent(7), event("c", null, row())));
    read(null, avro(confluent(7), event("u", row(), row())));
    assertThat(rejection(confluent(99)).getMessage(), containsString("no schema 99"));
    assertThat(rejection(confluent(99)).reason(), is(Reason.MALFORMED));
    assertThat(ASKED, contains(7L, 99L));
  }

  @Test
  void registryThatCannotBeAskedIsNoFaultOfTheRecord() {
    RecordReader unlucky =
        AvroRecordReader.of(
            reader,
            () ->
                id -> {
                  throw new SchemaRegistryException("the registry is away", null);
                });
    RecordBlock.Writer block = new RecordBlock.Writer(64);
    byte[] value = avro(confluent(7), event("c", null, row()));
    block.add(17, Origin.NO_LINE, 5, null, value, 0, value.length);
    RecordBlock.Cursor cursor = RecordBlock.of("t", 0, block.take()).records();
    cursor.next();
    assertThrows(SchemaRegistryException.class, () -> unlucky.read(cursor, null));
  }

  /** Each byte of a record, made another: no such record may do more harm than be rejected. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 0x7F, 0x80, 0xFF})
  void damagedRecordIsAtMostRejected(int damage) {
    byte[] value = avro(confluent(7), event("c", null, row()));
    for (int i = 5; i < value.length; i++) {
      byte[] damaged = value.clone();
      damaged[i] = (byte) damage;
      try {
        read(null, damaged);
      } catch (RejectedRecordException e) {
        assertThat(e.getMessage().isEmpty(), is(false));
      }
    }
  }

  @Test
  void lengthThatIsNotThereIsNotBelieved() {
    byte[] huge = {0, 0, 0, 0, 7, 0, 2, 2, 2, -2, -1, -1, -1, 15};
    assertThat(rejection(huge).getMessage(), containsString("2147483647"));
  }

  @Test
  void recordThatIsTooShortOrTooLongIsRejected() {
    byte[] value = avro(confluent(7), event("c", null, row()));
    assertThat(
        rejection(Arrays.copyOf(value, value.length - 1)).getMessage(),
        containsString("ends too early"));
    assertThat(
        rejection(Arrays.copyOf(value, value.length + 1)).getMessage(),
        containsString("more follows"));
    assertThat(rejection(confluent(9)).getMessage(), containsString("schema 9"));
  }

  @Test
  void textThatIsNotUnicodeIsRejected() {
    byte[] value = avro(confluent(7), event("c", null, row()));
    int at = new String(value, StandardCharsets.ISO_8859_1).indexOf("\u00c3\u00a9");
    value[at + 1] = 'x';
    assertThat(rejection(value).reason(), is(Reason.MALFORMED));
  }

  private RejectedRecordException rejection(byte[] value) {
    return assertThrows(RejectedRecordException.class, () -> read(null, value));
  }
}
