package io.millrace.schemas.image;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.arrayContaining;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.Events;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;

class EventRowsTest {
  private static final String OBJECT =
      """
      - name: samples
        customProperties:
          - {property: kind, value: event}
          - {property: eventTime, value: at}
        properties:
          - {name: id, physicalType: bigint, primaryKey: true}
          - {name: happened, physicalName: at, physicalType: timestamptz}
          - {name: flag, physicalType: boolean}
          - {name: small, physicalType: smallint}
          - {name: whole, physicalType: integer}
          - {name: amount, physicalType: "numeric"}
          - {name: short, physicalType: real}
          - {name: long, physicalType: double precision}
          - {name: note, physicalType: text}
          - {name: bytes, physicalType: bytea}
          - {name: day, physicalType: date}
          - {name: hour, physicalType: time}
          - {name: zoned_hour, physicalType: timetz}
          - {name: local, physicalType: timestamp}
          - {name: tags, physicalType: "text[]"}
          - {name: doc, physicalType: jsonb}
      """;

  private static final String JSON =
      """
      {"id":1,"at":"2026-05-01T11:59:00.000001Z","flag":true,"small":2,"whole":3,"amount":4.50,
      "short":0.5,"long":0.25,"note":"n","bytes":"AQI=","day":"2026-05-01","hour":"11:59:00.000001",
      "zoned_hour":"11:59:00+02:00","local":"2026-05-01T11:59:00.000001","tags":["a",null],"doc":{"x":1}}
      """
          .replace("\n", "");

  private static final TableContract SAMPLES = Events.contract(OBJECT).events().get(0);

  private static BusinessEvent event(String json) {
    return Events.read(Events.contract(OBJECT), json);
  }

  @Test
  void rowHasEveryColumnAtFullPrecision() throws Exception {
    EventRows rows = SerializableUtils.clone(EventRows.of(SAMPLES));
    Row row = rows.row(event(JSON));
    assertThat(row.getInt64("id"), is(1L));
    assertThat(
        row.getLogicalTypeValue("happened", Instant.class),
        is(Instant.parse("2026-05-01T11:59:00.000001Z")));
    assertThat(row.getBoolean("flag"), is(true));
    assertThat(row.getInt16("small"), is((short) 2));
    assertThat(row.getInt32("whole"), is(3));
    assertThat(row.getDecimal("amount"), is(new BigDecimal("4.50")));
    assertThat(row.getFloat("short"), is(0.5f));
    assertThat(row.getDouble("long"), is(0.25));
    assertThat(row.getString("note"), is("n"));
    assertThat(Arrays.toString(row.getBytes("bytes")), is("[1, 2]"));
    assertThat(row.getLogicalTypeValue("day", LocalDate.class), is(LocalDate.of(2026, 5, 1)));
    assertThat(
        row.getLogicalTypeValue("hour", LocalTime.class), is(LocalTime.parse("11:59:00.000001")));
    assertThat(row.getString("zoned_hour"), is("11:59+02:00"));
    assertThat(
        row.getLogicalTypeValue("local", LocalDateTime.class),
        is(LocalDateTime.parse("2026-05-01T11:59:00.000001")));
    assertThat(row.getArray("tags"), equalTo(Arrays.asList("a", null)));
    assertThat(row.getString("doc"), is("{\"x\":1}"));
    assertThat(CoderUtils.clone(RowCoder.of(rows.schema()), row), equalTo(row));
  }

  @Test
  void infiniteAndMissingValuesFitARow() throws Exception {
    EventRows rows = EventRows.of(SAMPLES);
    Row row =
        rows.row(
            event(
                "{\"id\":1,\"at\":\"2026-05-01T11:59:00Z\",\"amount\":\"NaN\",\"day\":\"infinity\",\"local\":\"-infinity\"}"));
    assertThat(row.getDecimal("amount"), is(nullValue()));
    assertThat(row.getLogicalTypeValue("day", LocalDate.class), is(LocalDate.MAX));
    assertThat(row.getLogicalTypeValue("local", LocalDateTime.class), is(LocalDateTime.MIN));
    assertThat(row.getString("note"), is(nullValue()));
    assertThat(CoderUtils.clone(RowCoder.of(rows.schema()), row), equalTo(row));
  }

  @Test
  void someColumnsComeInTheOrderAskedFor() {
    EventRows some = EventRows.of(SAMPLES, "amount", "happened", "note");
    Object[] values = some.values(event(JSON));
    assertThat(
        values,
        arrayContaining(new BigDecimal("4.50"), Instant.parse("2026-05-01T11:59:00.000001Z"), "n"));
    assertThat(some.schema().getFieldNames(), is(List.of("amount", "happened", "note")));
    assertThat(some.values(event(JSON.replace(",", " , "))), arrayContaining(values));
  }

  @Test
  void columnThatTheEventDoesNotHaveIsRefused() {
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> EventRows.of(SAMPLES, "at"));
    assertThat(none.getMessage(), containsString("Event samples has no column at; it has [id,"));
  }
}
