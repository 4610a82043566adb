package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import io.millrace.schemas.image.KeyCodec;
import java.util.List;

/** Makes contracts of few words, and the changes of one of their tables. */
public final class TestTable {
  /** When the change at position 0 was committed: 2026-01-01T00:00:00Z. */
  static final long START_MICROS = 1_767_225_600_000_000L;

  private final TableContract contract;

  private TestTable(TableContract contract) {
    this.contract = contract;
  }

  /**
   * A contract.
   *
   * @param tables each a name, a colon, and columns separated by semicolons, each a name, a blank
   *     and a type; key columns begin with {@code key}
   */
  public static Contract contract(String... tables) {
    StringBuilder yaml = new StringBuilder("{apiVersion: v3.0.2, kind: DataContract, id: shop,");
    yaml.append(" version: 1.0.0, status: active, schema: [");
    for (String table : tables) {
      int colon = table.indexOf(':');
      yaml.append("{name: ").append(quoted(table.substring(0, colon)));
      yaml.append(", physicalName: ").append(quoted("source." + table.substring(0, colon)));
      yaml.append(", properties: [");
      for (String column : table.substring(colon + 1).split(";", -1)) {
        boolean key = column.trim().startsWith("key ");
        String definition = key ? column.trim().substring(4) : column.trim();
        int space = definition.indexOf(' ');
        yaml.append("{name: ").append(quoted(definition.substring(0, space)));
        yaml.append(", physicalType: ").append(quoted(definition.substring(space + 1)));
        yaml.append(key ? ", primaryKey: true}, " : "}, ");
      }
      yaml.append("]}, ");
    }
    return Contract.parse(yaml.append("]}").toString(), "test contract");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  public static TestTable of(Contract contract, String name) {
    return new TestTable(contract.table("source." + name).orElseThrow());
  }

  static Position position(long number) {
    return new PositionEncoder().start(0).number(number).end();
  }

  static long committedAt(long number) {
    return START_MICROS + number * 1_000_000L;
  }

  public ChangeEvent upsert(long position, String row) {
    Image image = Image.ofJson(row, ImageEncoding.CHANGES);
    Columns columns = read(image);
    return event(Operation.UPSERT, position, new KeyCodec(contract).encode(columns))
        .setAfter(image)
        .setUnchanged(columns.unchanged())
        .build();
  }

  public ChangeEvent delete(long position, String key) {
    Columns columns = read(Image.ofJson(key, ImageEncoding.CHANGES));
    return event(Operation.DELETE, position, new KeyCodec(contract).encode(columns)).build();
  }

  /** A row of a snapshot. */
  public ChangeEvent read(long position, String row) {
    return upsert(position, row).toBuilder().setOperation(Operation.READ).build();
  }

  /** The end of the snapshot whose rows are at a position. */
  public ChangeEvent snapshotEnd(long position) {
    return ofSnapshot(Operation.SNAPSHOT_END, position);
  }

  /** The beginning of such a snapshot. */
  ChangeEvent snapshotStart(long position) {
    return ofSnapshot(Operation.SNAPSHOT_START, position);
  }

  private ChangeEvent ofSnapshot(Operation operation, long position) {
    return event(operation, position, Key.NONE)
        .setPosition(position(position).justBefore())
        .setUnchanged(List.of())
        .build();
  }

  public ChangeEvent truncate(long position) {
    return event(Operation.TRUNCATE, position, Key.NONE).setUnchanged(List.of()).build();
  }

  private Columns read(Image image) {
    return new ImageReader(contract, image.encoding(), UnknownColumns.CAPTURE).read(image);
  }

  private ChangeEvent.Builder event(Operation operation, long position, Key key) {
    return ChangeEvent.builder()
        .setTable(contract.physicalName())
        .setOperation(operation)
        .setKey(key)
        .setPosition(position(position))
        .setCommittedAt(committedAt(position))
        .setReceivedAt(committedAt(position) + 5_000)
        .setOrigin(Origin.ofFile("changes.jsonl", position, position));
  }
}
