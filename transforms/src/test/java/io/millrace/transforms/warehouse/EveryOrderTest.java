package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A few changes that tell much, in every order there is. */
class EveryOrderTest {
  private static final Contract CONTRACT = TestTable.contract("t: key id integer; a text; b text");
  private static final TestTable TABLE = TestTable.of(CONTRACT, "t");
  private static final Map<Deletes, TestWarehouse> WAREHOUSES = new EnumMap<>(Deletes.class);
  private static final Map<Deletes, BatchWriter> WRITERS = new EnumMap<>(Deletes.class);

  @BeforeContainer
  static void start() {
    for (Deletes deletes : Deletes.values()) {
      TestWarehouse warehouse = TestWarehouse.create();
      Warehouse target = warehouse.warehouse().withDeletes(deletes);
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

  private static void clear(Deletes deletes) {
    WAREHOUSES
        .get(deletes)
        .execute(
            "DELETE FROM t; DELETE FROM _millrace.tombstones;"
                + " UPDATE _millrace.truncations SET position = ''");
  }

  private static List<JsonNode> rows(Deletes deletes) {
    return WAREHOUSES.get(deletes).rows("t");
  }

  /** Inserts, gaps, deletes, rows that come back, and truncates, before and after. */
  @Provide
  Arbitrary<List<ChangeEvent>> tellingChanges() {
    ChangeEvent insert = TABLE.upsert(1, "{\"id\":1,\"a\":\"a1\",\"b\":\"b1\",\"x\":1}");
    ChangeEvent gap = TABLE.upsert(2, "{\"id\":1,\"a\":\"a2\"}");
    ChangeEvent otherGap = TABLE.upsert(4, "{\"id\":1,\"b\":\"b4\"}");
    ChangeEvent nothing = TABLE.upsert(5, "{\"id\":1}");
    return Arbitraries.of(
        List.of(insert, gap, TABLE.delete(3, "{\"id\":1}"), otherGap, nothing),
        List.of(insert, gap, TABLE.truncate(3), otherGap, nothing),
        List.of(insert, gap, TABLE.delete(3, "{\"id\":1}"), otherGap, TABLE.truncate(6)),
        List.of(insert, gap, TABLE.truncate(3), otherGap, TABLE.delete(6, "{\"id\":1}")));
  }

  @Property
  void everyOrderGivesTheSameRow(
      @ForAll Deletes deletes, @ForAll("tellingChanges") List<ChangeEvent> telling) {
    List<JsonNode> expected = ExpectedRows.of(telling, deletes);
    for (List<ChangeEvent> order : orders(telling)) {
      clear(deletes);
      order.forEach(event -> WRITERS.get(deletes).write(new ArrayList<>(List.of(event))));
      assertThat("order " + order, rows(deletes), is(expected));
    }
  }

  private static List<List<ChangeEvent>> orders(List<ChangeEvent> events) {
    if (events.isEmpty()) {
      return List.of(List.of());
    }
    List<List<ChangeEvent>> orders = new ArrayList<>();
    for (ChangeEvent first : events) {
      List<ChangeEvent> rest = new ArrayList<>(events);
      rest.remove(first);
      for (List<ChangeEvent> order : orders(rest)) {
        List<ChangeEvent> whole = new ArrayList<>(List.of(first));
        whole.addAll(order);
        orders.add(whole);
      }
    }
    return orders;
  }
}
