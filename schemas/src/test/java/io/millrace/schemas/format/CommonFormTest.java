package io.millrace.schemas.format;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.Mutations;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Events of the common form are read without a parser. A blank behind the first brace is enough to
 * have one read by the parser; it must mean the same.
 */
class CommonFormTest {
  private static final Contract CONTRACT =
      Contract.parse(
          """
          apiVersion: v3.0.2
          kind: DataContract
          id: test
          version: 1.0.0
          status: active
          schema:
            - name: orders
              physicalName: public.orders
              properties:
                - {name: id, physicalType: bigint, primaryKey: true}
                - {name: note, physicalType: varchar(20)}
                - {name: amount, physicalType: "numeric(6,2)"}
                - {name: tags, physicalType: "text[]"}
            - name: customers
              physicalName: shop.customers
              properties:
                - {name: name, physicalType: text, primaryKey: true}
                - {name: at, physicalType: timestamptz}
          """,
          "test contract");

  private static final String POSTGRES =
      "\"source\":{\"version\":\"3.6\",\"connector\":\"postgresql\",\"name\":\"n\",\"ts_ms\":1700,"
          + "\"snapshot\":\"false\",\"db\":\"d\",\"sequence\":\"[\\\"90\\\",\\\"100\\\"]\","
          + "\"ts_us\":1700123,\"ts_ns\":1746101999123456789,\"schema\":\"public\",\"table\":\"orders\",\"txId\":7,\"lsn\":100,"
          + "\"xmin\":null}";
  private static final String MYSQL =
      "\"source\":{\"connector\":\"mysql\",\"ts_ms\":1700,\"snapshot\":\"false\",\"db\":\"shop\","
          + "\"table\":\"customers\",\"gtid\":null,\"file\":\"bin.000003\",\"pos\":154,\"row\":0}";
  private static final String SQL_SERVER =
      "\"source\":{\"connector\":\"sqlserver\",\"ts_ms\":1700,\"snapshot\":\"false\",\"db\":\"d\",\"schema\":\"shop\","
          + "\"table\":\"customers\",\"change_lsn\":\"00000027:00000758:0003\","
          + "\"commit_lsn\":\"00000027:00000758:0005\",\"event_serial_no\":1}";
  private static final String ORACLE =
      "\"source\":{\"connector\":\"oracle\",\"ts_ms\":1700,\"snapshot\":\"false\",\"schema\":\"shop\","
          + "\"table\":\"customers\",\"txId\":\"6.28.807\",\"scn\":\"2122185\",\"commit_scn\":\"2122186\","
          + "\"rs_id\":\" 0x00009d.00018c0f.0010 \",\"ssn\":1,\"redo_thread\":1,\"txSeq\":3}";
  private static final String CUSTOMER =
      "{\"before\":null,\"after\":{\"name\":\"tom\",\"at\":\"2026-05-01T12:00:00.5Z\"},";
  private static final String ROW =
      "{\"id\":1,\"note\":\"n\u00e9\",\"amount\":\"10.50\",\"tags\":[\"a\",null],\"more\":{\"x\":[1]}}";
  private static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":[{\"field\":\"after\",\"fields\":[{\"field\":\"amount\",\"name\":\"x\"}]}]}";

  private static final List<String> RECORDS =
      List.of(
          "{\"before\":null,\"after\":"
              + ROW
              + ","
              + POSTGRES
              + ",\"op\":\"c\",\"ts_ms\":1800,\"transaction\":null}",
          "{\"before\":{\"id\":1},\"after\":"
              + ROW
              + ","
              + POSTGRES
              + ",\"op\":\"u\",\"ts_ms\":1800,\"ts_us\":1800000,"
              + "\"transaction\":{\"id\":\"7:100\",\"total_order\":3,\"data_collection_order\":1}}",
          "{\"before\":{\"id\":2,\"note\":null},\"after\":null,"
              + POSTGRES
              + ",\"op\":\"d\",\"ts_ms\":1800}",
          "{\"before\":null,\"after\":{\"name\":\"tom\",\"at\":\"2026-05-01T12:00:00.5Z\"},"
              + MYSQL
              + ",\"op\":\"r\",\"ts_ms\":1800,\"transaction\":null}",
          "{\"schema\":"
              + SCHEMA
              + ",\"payload\":{\"before\":null,\"after\":"
              + ROW
              + ","
              + POSTGRES
              + ",\"op\":\"c\",\"ts_ms\":1800}}",
          "{\"key\":{\"id\":1},\"value\":{\"before\":null,\"after\":null,"
              + POSTGRES
              + ",\"op\":\"d\",\"ts_ms\":1800},\"topic\":\"t\",\"partition\":0,\"offset\":9}",
          CUSTOMER + SQL_SERVER + ",\"op\":\"c\",\"ts_ms\":1800,\"transaction\":null}",
          CUSTOMER + ORACLE + ",\"op\":\"u\",\"ts_ms\":1800,\"transaction\":null}",
          "{\"before\":null,\"after\":null,\"updateDescription\":null,\"source\":{\"connector\":"
              + "\"mongodb\",\"ts_ms\":1700,\"snapshot\":\"false\",\"db\":\"shop\",\"collection\":"
              + "\"customers\",\"ord\":1},\"op\":\"d\",\"ts_ms\":1800}",
          "{\"status\":\"BEGIN\",\"id\":\"7:100\",\"event_count\":null}",
          "{\"ts_ms\":1800}");

  private final RecordReader scanning =
      ChangeFormat.DEBEZIUM.open(CONTRACT, UnknownColumns.CAPTURE, 0);
  private final RecordReader parsing =
      ChangeFormat.DEBEZIUM.open(CONTRACT, UnknownColumns.CAPTURE, 0);

  @Property(tries = 20_000)
  void aRecordMeansTheSameScannedAndParsed(@ForAll long seed) {
    Random random = new Random(seed);
    String base = RECORDS.get(random.nextInt(RECORDS.size()));
    byte[] record =
        random.nextInt(3) == 0
            ? withOtherNumbers(base, random).getBytes(StandardCharsets.UTF_8)
            : Mutations.mutate(base, random);
    assertThat(
        new String(record, StandardCharsets.UTF_8),
        meaning(scanning, record),
        equalTo(meaning(parsing, Mutations.withBlank(record))));
  }

  /** The same record but for some numbers, as most are like the one before. */
  private static String withOtherNumbers(String record, Random random) {
    return Pattern.compile("(?<=[:\"])\\d+(?=[,}\\\\])")
        .matcher(record)
        .replaceAll(number -> random.nextInt(4) == 0 ? number(random) : number.group());
  }

  private static String number(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "" + Long.MAX_VALUE;
      case 1 -> "9223372036854775808";
      case 2 -> "-" + random.nextInt(100);
      case 3 -> "0" + random.nextInt(2);
      default -> "" + (random.nextLong() >>> (1 + random.nextInt(62)));
    };
  }

  private static String meaning(RecordReader reader, byte[] record) {
    RecordBlock.Writer block = new RecordBlock.Writer(64);
    block.add(0, 1, 5, null, record, 0, record.length);
    RecordBlock.Cursor cursor = RecordBlock.of("test", -1, block.take()).records();
    cursor.next();
    Meaning meaning = new Meaning();
    try {
      reader.read(cursor, meaning);
    } catch (RejectedRecordException e) {
      // A parser's complaint may name a place, and the blank moves it.
      boolean placed = e.reason() == Reason.MALFORMED || e.reason() == Reason.TOO_LARGE;
      meaning.told.add(e.reason() + (placed ? "" : " " + e.getMessage()));
      meaning.told.add(e.table() + " " + e.position());
    }
    return meaning.told.toString();
  }

  /** All that a record says, as text. */
  private static final class Meaning implements RecordReader.Output {
    private final StringJoiner told = new StringJoiner("\n");

    @Override
    public void change(ChangeEvent event) {
      told.add(event.toString());
      told.add("before " + json(event.before()));
      told.add("after " + json(event.after()));
    }

    private static String json(Image image) {
      return image == null ? "none" : image.json() + " as " + image.encoding();
    }

    @Override
    public void control(Control control) {
      told.add(control.name());
    }

    @Override
    public void unknownColumns(int count) {
      told.add(count + " unknown");
    }
  }
}
