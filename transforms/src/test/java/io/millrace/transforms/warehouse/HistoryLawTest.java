package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Versions depend on the set of changes alone, however these come. */
class HistoryLawTest {
  private static final Contract CONTRACT = TestTable.contract("t: key id integer; a text; b text");
  private static final TestTable TABLE = TestTable.of(CONTRACT, "t");
  private static final Map<Deletes, TestWarehouse> WAREHOUSES = new EnumMap<>(Deletes.class);
  private static final Map<Deletes, BatchWriter> WRITERS = new EnumMap<>(Deletes.class);

  @BeforeContainer
  static void start() {
    for (Deletes deletes : Deletes.values()) {
      TestWarehouse warehouse = TestWarehouse.create();
      Warehouse target = warehouse.warehouse().withDeletes(deletes).withHistory(true);
      WarehouseTables.prepare(target, CONTRACT);
      WAREHOUSES.put(deletes, warehouse);
      WRITERS.put(deletes, new BatchWriter(target, CONTRACT));
    }
  }

  @AfterContainer
  static void stop() {
    WRITERS.values().forEach(BatchWriter::close);
    WAREHOUSES.values().forEach(TestWarehouse::close);
  }

  /** A change, or a snapshot of some of the rows. */
  private static Stream<ChangeEvent> changes(long position, Random random) {
    if (random.nextInt(4) > 0) {
      return Stream.of(change(position, random));
    }
    return IntStream.rangeClosed(0, 2)
        .filter(id -> id == 0 || random.nextBoolean())
        .mapToObj(
            id ->
                id == 0
                    ? TABLE.snapshotEnd(position)
                    : TABLE.read(
                        position,
                        "{\"id\":%d,\"a\":%s,\"b\":%s}"
                            .formatted(id, value(random), value(random))));
  }

  private static ChangeEvent change(long position, Random random) {
    int id = 1 + random.nextInt(2);
    String a = "\"a\":" + value(random);
    String b = "\"b\":" + value(random);
    ChangeEvent change =
        switch (random.nextInt(12)) {
          case 0, 1 -> TABLE.delete(position, "{\"id\":" + id + "}");
          case 2 -> TABLE.truncate(position);
          case 3 -> TABLE.upsert(position, "{\"id\":" + id + "}");
          case 4, 5 -> TABLE.upsert(position, "{\"id\":" + id + "," + a + "}");
          case 6 -> TABLE.upsert(position, "{\"id\":" + id + "," + b + "}");
          default -> TABLE.upsert(position, "{\"id\":" + id + "," + a + "," + b + "}");
        };
    return switch (random.nextInt(6)) {
      case 0 -> change.toBuilder().setCommittedAt(ChangeEvent.NO_TIME).build();
      case 1 ->
          change.toBuilder()
              .setCommittedAt(TestTable.committedAt(position - random.nextInt(4)))
              .build();
      default -> change;
    };
  }

  private static String value(Random random) {
    return random.nextInt(5) == 0 ? "null" : "\"" + (char) ('x' + random.nextInt(2)) + "\"";
  }

  @Property(tries = 300)
  void everyArrivalGivesTheSameVersions(@ForAll Deletes deletes, @ForAll long seed) {
    Random random = new Random(seed);
    List<ChangeEvent> changes =
        IntStream.rangeClosed(1, 1 + random.nextInt(12))
            .boxed()
            .flatMap(position -> changes(position, random))
            .toList();
    TestWarehouse warehouse = WAREHOUSES.get(deletes);
    warehouse.execute(
        "DELETE FROM t; DELETE FROM t_changes; DELETE FROM _millrace.tombstones;"
            + " DELETE FROM _millrace.history_ends; UPDATE _millrace.truncations SET position = ''");
    List<ChangeEvent> arriving = new ArrayList<>(changes);
    if (random.nextInt(4) > 0) {
      Collections.shuffle(arriving, random);
    }
    arriving.addAll(changes.subList(0, random.nextInt(changes.size() + 1)));
    int most = random.nextBoolean() ? 2 : arriving.size();
    while (!arriving.isEmpty()) {
      List<ChangeEvent> batch =
          arriving.subList(0, 1 + random.nextInt(Math.min(most, arriving.size())));
      WRITERS.get(deletes).write(new ArrayList<>(batch));
      batch.clear();
    }
    assertThat(
        changes.toString(),
        versions(warehouse),
        is(ExpectedVersions.of(changes, deletes, List.of("a", "b"))));
    assertThat(warehouse.rows("t"), is(ExpectedRows.of(changes, deletes)));
  }

  private static List<JsonNode> versions(TestWarehouse warehouse) {
    return warehouse
        .query("SELECT to_jsonb(v) - 'id' FROM t_history AS v ORDER BY id, _position")
        .stream()
        .map(TestWarehouse::json)
        .toList();
  }
}
