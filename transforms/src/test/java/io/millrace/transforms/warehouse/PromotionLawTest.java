package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A source renames a column, and the contract follows at once, or after any of what comes then: the
 * rows and their versions are the same.
 */
class PromotionLawTest {
  private static final Contract BEFORE = contract("a");
  private static final Contract AFTER = contract("renamed");
  private static final Map<Deletes, Scene> AT_ONCE = new EnumMap<>(Deletes.class);
  private static final Map<Deletes, Scene> LATER = new EnumMap<>(Deletes.class);

  /** A warehouse, and writers that hold to either contract. */
  private record Scene(
      TestWarehouse database, Warehouse warehouse, BatchWriter before, BatchWriter after) {
    static Scene of(Deletes deletes) {
      TestWarehouse database = TestWarehouse.create();
      Warehouse warehouse = database.warehouse().withDeletes(deletes).withHistory(true);
      WarehouseTables.prepare(warehouse, BEFORE);
      return new Scene(
          database,
          warehouse,
          new BatchWriter(warehouse, BEFORE),
          new BatchWriter(warehouse, AFTER));
    }

    void promote() {
      WarehouseTables.prepare(warehouse, AFTER);
    }

    void clear() {
      database.execute(
          "DELETE FROM t; DELETE FROM t_changes; DELETE FROM _millrace.tombstones; DELETE FROM"
              + " _millrace.history_ends; UPDATE _millrace.truncations SET position = ''");
    }

    List<String> content() {
      HistoryDefinition history =
          new HistoryDefinition(
              new TargetTable(AFTER.tables().get(0), "public"), PostgresDialect.INSTANCE);
      database.execute("BEGIN; " + history.moveTips(Set.of("id", "a", "b")) + "; COMMIT");
      return database.query(
          "SELECT (to_jsonb(t) - '_received_at' - '_applied_at')::text FROM t UNION ALL SELECT"
              + " (to_jsonb(c) - '_received_at' - '_applied_at' - '_digest')::text FROM t_changes AS c"
              + " ORDER BY 1");
    }

    void close() {
      before.close();
      after.close();
      database.close();
    }
  }

  private static Contract contract(String physicalName) {
    return Contract.parse(
        """
        {apiVersion: v3.0.2, kind: DataContract, id: shop, version: 1.0.0, status: active, schema: [
          {name: t, physicalName: source.t, properties: [
            {name: id, physicalType: integer, primaryKey: true},
            {name: a, physicalName: %s, physicalType: text},
            {name: b, physicalType: text}]}]}
        """
            .formatted(physicalName),
        "test contract");
  }

  @BeforeContainer
  static void start() {
    for (Deletes deletes : Deletes.values()) {
      AT_ONCE.put(deletes, Scene.of(deletes));
      LATER.put(deletes, Scene.of(deletes));
    }
  }

  @AfterContainer
  static void stop() {
    AT_ONCE.values().forEach(Scene::close);
    LATER.values().forEach(Scene::close);
  }

  private static ChangeEvent change(Contract contract, String a, long position, Random random) {
    TestTable table = TestTable.of(contract, "t");
    String key = "{\"id\":" + (1 + random.nextInt(2));
    String withA = key + ",\"" + a + "\":" + value(random);
    String b = ",\"b\":" + value(random) + "}";
    return switch (random.nextInt(10)) {
      case 0 -> table.delete(position, key + "}");
      case 1 -> random.nextBoolean() ? table.truncate(position) : table.upsert(position, key + "}");
      case 2, 3 -> table.upsert(position, withA + "}");
      case 4 -> table.upsert(position, key + b);
      default -> table.upsert(position, withA + b);
    };
  }

  private static String value(Random random) {
    return random.nextInt(5) == 0 ? "null" : "\"" + (char) ('x' + random.nextInt(2)) + "\"";
  }

  private static List<ChangeEvent> some(
      int most, long from, Random random, LongFunction<ChangeEvent> change) {
    return LongStream.range(from, from + random.nextInt(most + 1)).mapToObj(change).toList();
  }

  private static void write(BatchWriter writer, List<ChangeEvent> changes, Random random) {
    List<ChangeEvent> arriving = new ArrayList<>(changes);
    Collections.shuffle(arriving, random);
    while (!arriving.isEmpty()) {
      List<ChangeEvent> batch = arriving.subList(0, 1 + random.nextInt(arriving.size()));
      writer.write(new ArrayList<>(batch));
      batch.clear();
    }
  }

  @Property(tries = 200)
  void contractMayFollowARenamingLater(@ForAll Deletes deletes, @ForAll long seed) {
    Random random = new Random(seed);
    List<ChangeEvent> old = some(5, 1, random, at -> change(BEFORE, "a", at, random));
    List<ChangeEvent> renamed = some(8, 6, random, at -> change(AFTER, "renamed", at, random));
    List<ChangeEvent> known = renamed.subList(0, random.nextInt(renamed.size() + 1));
    List<ChangeEvent> all = new ArrayList<>(old);
    all.addAll(known);

    Scene atOnce = AT_ONCE.get(deletes);
    atOnce.clear();
    write(atOnce.before(), old, random);
    write(atOnce.after(), known, random);
    Scene later = LATER.get(deletes);
    later.clear();
    write(later.before(), all, random);
    later.promote();
    String told = old + " then " + renamed;
    assertThat(told, later.content(), is(atOnce.content()));

    write(atOnce.after(), renamed, random);
    write(later.after(), renamed, random);
    assertThat(told, later.content(), is(atOnce.content()));
  }
}
