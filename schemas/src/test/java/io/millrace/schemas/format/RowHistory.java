package io.millrace.schemas.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What happened to the table {@code public.things}, in statements that change one or more rows.
 *
 * @param statements in order
 * @param rows the names of the rows that are there in the end, by their keys
 */
record RowHistory(List<Statement> statements, Map<Long, String> rows) {
  private static final int KEYS = 5;

  /** What a statement does to its rows. */
  enum Kind {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE
  }

  /** A row's change; {@code oldId} and {@code oldName} are what an update found. */
  record Row(long id, String name, long oldId, String oldName) {}

  /** A statement and its rows, none for a truncate. */
  record Statement(Kind kind, List<Row> rows) {}

  /** Some statements, none of which breaks the key's uniqueness. */
  static RowHistory random(Random random, boolean truncates) {
    Map<Long, String> rows = new TreeMap<>();
    List<Statement> statements = new ArrayList<>();
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      Kind kind = Kind.values()[random.nextInt(truncates ? 4 : 3)];
      List<Row> changed = new ArrayList<>();
      if (kind == Kind.TRUNCATE) {
        rows.clear();
      } else {
        for (int j = random.nextInt(3); j >= 0; j--) {
          change(kind, random, "s" + i + "r" + j, rows, changed);
        }
      }
      if (kind == Kind.TRUNCATE || !changed.isEmpty()) {
        statements.add(new Statement(kind, changed));
      }
    }
    if (statements.isEmpty()) {
      rows.put(0L, "only");
      statements.add(new Statement(Kind.INSERT, List.of(new Row(0, "only", 0, ""))));
    }
    return new RowHistory(statements, rows);
  }

  private static void change(
      Kind kind, Random random, String name, Map<Long, String> rows, List<Row> changed) {
    long id = random.nextInt(KEYS);
    long newId = random.nextBoolean() ? id : random.nextInt(KEYS);
    String old = rows.get(id);
    if (kind == Kind.INSERT && old == null) {
      rows.put(id, name);
      changed.add(new Row(id, name, id, ""));
    } else if (kind == Kind.DELETE && old != null) {
      rows.remove(id);
      changed.add(new Row(id, old, id, old));
    } else if (kind == Kind.UPDATE && old != null && (id == newId || !rows.containsKey(newId))) {
      rows.remove(id);
      rows.put(newId, name);
      changed.add(new Row(newId, name, id, old));
    }
  }
}
