package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Tag;

/** The tables depend only on the set of changes: not on order, copies or batches. */
@Tag("law")
class WarehouseLawsTest {
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

  private static void write(Deletes deletes, List<ChangeEvent> events, Random batching) {
    int from = 0;
    while (from < events.size()) {
      int to = Math.min(events.size(), from + 1 + batching.nextInt(3));
      BatchResult result = WRITERS.get(deletes).write(new ArrayList<>(events.subList(from, to)));
      assertThat(result.refused(), is(empty()));
      from = to;
    }
  }

  private static List<JsonNode> rows(Deletes deletes) {
    return WAREHOUSES.get(deletes).rows("t");
  }

  @Property(tries = 250, generation = net.jqwik.api.GenerationMode.RANDOMIZED)
  void rowsAreThoseOfTheWholeSet(
      @ForAll Deletes deletes, @ForAll("changes") List<ChangeEvent> events, @ForAll Random random) {
    clear(deletes);
    List<ChangeEvent> disordered = new ArrayList<>(events);
    disordered.addAll(events.subList(0, events.size() / 2));
    Collections.shuffle(disordered, random);
    write(deletes, disordered, random);
    assertThat(rows(deletes), is(ExpectedRows.of(events, deletes)));
  }

  @Property(tries = 40)
  void replayIsHarmless(
      @ForAll Deletes deletes, @ForAll("changes") List<ChangeEvent> events, @ForAll Random random) {
    clear(deletes);
    write(deletes, events, random);
    List<JsonNode> once = rows(deletes);
    List<String> written = writeTimes(deletes);
    write(deletes, events, random);
    assertThat(rows(deletes), is(once));
    assertThat("no row was even touched", writeTimes(deletes), is(written));
  }

  private static List<String> writeTimes(Deletes deletes) {
    return WAREHOUSES.get(deletes).query("SELECT _applied_at FROM t ORDER BY id");
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
      order.forEach(event -> write(deletes, List.of(event), new Random(0)));
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

  /** Up to ten changes of up to three rows, at positions 1, 2, 3 and so on. */
  @Provide
  Arbitrary<List<ChangeEvent>> changes() {
    Arbitrary<String> kinds =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.just("a,b")),
            net.jqwik.api.Tuple.of(2, Arbitraries.just("a,b,x")),
            net.jqwik.api.Tuple.of(2, Arbitraries.just("a")),
            net.jqwik.api.Tuple.of(2, Arbitraries.just("b,x")),
            net.jqwik.api.Tuple.of(1, Arbitraries.just("")),
            net.jqwik.api.Tuple.of(3, Arbitraries.just("delete")),
            net.jqwik.api.Tuple.of(1, Arbitraries.just("truncate")));
    Arbitrary<Integer> ids =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(4, 1),
            net.jqwik.api.Tuple.of(2, 2),
            net.jqwik.api.Tuple.of(1, 3));
    return Combinators.combine(kinds, ids)
        .as((kind, id) -> kind + ":" + id)
        .list()
        .ofMinSize(1)
        .ofMaxSize(10)
        .map(WarehouseLawsTest::events);
  }

  private static List<ChangeEvent> events(List<String> kinds) {
    List<ChangeEvent> events = new ArrayList<>();
    for (String kind : kinds) {
      int position = events.size() + 1;
      String what = kind.substring(0, kind.indexOf(':'));
      String key = "\"id\":" + kind.substring(kind.indexOf(':') + 1);
      events.add(
          switch (what) {
            case "delete" -> TABLE.delete(position, "{" + key + "}");
            case "truncate" -> TABLE.truncate(position);
            default -> TABLE.upsert(position, "{" + key + values(what, position) + "}");
          });
    }
    return events;
  }

  private static String values(String columns, int position) {
    StringBuilder values = new StringBuilder();
    for (String column : columns.isEmpty() ? new String[0] : columns.split(",", -1)) {
      values.append(",\"%1$s\":\"%1$s%2$d\"".formatted(column, position));
    }
    return values.toString();
  }
}
