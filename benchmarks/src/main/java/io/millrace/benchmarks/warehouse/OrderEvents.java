package io.millrace.benchmarks.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ImageReader;
import io.millrace.schemas.image.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The rows as change events, as Millrace's merge hands them to its sink. */
final class OrderEvents {
  private static final long BEGIN_MICROS = 1_767_225_600_000_000L;
  private static final String SOURCE = "public.orders";

  /** A contract whose one table has this name in the warehouse. */
  static Contract contract(String table) {
    return Contract.parse(
        "{apiVersion: v3.0.2, kind: DataContract, id: orders, version: 1.0.0, status: active,"
            + " schema: [{name: "
            + table
            + ", physicalName: "
            + SOURCE
            + ", properties: ["
            + OrderRow.COLUMNS.stream().map(OrderEvents::property).collect(Collectors.joining(", "))
            + "]}]}",
        "the benchmark's contract");
  }

  private static String property(String column) {
    int space = column.indexOf(' ');
    return "{name: "
        + column.substring(0, space)
        + ", physicalType: '"
        + column.substring(space + 1)
        + "'"
        + (column.startsWith("id ") ? ", primaryKey: true}" : "}");
  }

  /** So many changes of a contract's table. */
  static List<ChangeEvent> generate(long count, Contract contract) {
    TableContract table = contract.tables().get(0);
    ImageEncoding encoding =
        ImageEncoding.of(
            ImageEncoding.DEBEZIUM.format(),
            Map.of(
                "created_at", "io.debezium.time.ZonedTimestamp",
                "updated_at", "io.debezium.time.ZonedTimestamp"));
    ImageReader reader = new ImageReader(table, encoding, UnknownColumns.CAPTURE);
    KeyCodec keys = new KeyCodec(table);
    PositionEncoder positions = new PositionEncoder();
    List<ChangeEvent> events = new ArrayList<>((int) count);
    long number = 0;
    for (OrderRow row : OrderRow.generate(count)) {
      Image image = Image.ofJson(row.json(), encoding);
      long micros = BEGIN_MICROS + number * 1_000;
      events.add(
          ChangeEvent.builder()
              .setTable(SOURCE)
              .setOperation(Operation.UPSERT)
              .setKey(keys.encode(reader.readWanted(image)))
              .setAfter(image)
              .setPosition(
                  positions
                      .start(0)
                      .number(26_000_000_000L + number * 100)
                      .number(1)
                      .number(26_000_000_000L + number * 100)
                      .number(1)
                      .end())
              .setCommittedAt(micros)
              .setCapturedAt(micros + 500)
              .setReceivedAt(micros + 5_000)
              .setOrigin(Origin.ofTopic("shop.public.orders", (int) (number % 2), number / 2))
              .build());
      number++;
    }
    return events;
  }

  private OrderEvents() {}
}
