package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.audit.RowFinding.What;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.testdata.Database;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Law: of two tables with any keys and values, exactly those rows and columns are found that a full
 * join finds with {@code IS DISTINCT FROM}.
 */
class AuditLawTest {
  private static final int ROWS = 60;

  /** Divides even small tables often. */
  private static final ScanSizes SMALL = new ScanSizes(4, 12, 20, 5, 12, 3);

  /** Values of each type, of which some are equal though they are not written the same. */
  private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("boolean", List.of("true", "false"));
    VALUES.put("smallint", List.of("0", "-7", "32767"));
    VALUES.put("bigint", List.of("0", "9223372036854775807", "-1"));
    VALUES.put("numeric", List.of("1.5", "1.50", "1e30", "-0.000000000001", "NaN", "100"));
    VALUES.put("numeric(10,2)", List.of("0", "10.5", "10.50", "-3.01"));
    VALUES.put("real", List.of("0", "-0", "0.1", "1e-30", "NaN", "Infinity"));
    VALUES.put("double precision", List.of("0", "-0", "0.1", "0.30000000000000004", "0.3"));
    VALUES.put("text", List.of("", " ", "a", "a ", "ab", "1:a;", ":;", "|", "ü", "u\u0308", "😀"));
    VALUES.put("varchar(20)", List.of("", "x", "X", "x;1:"));
    VALUES.put("char(5)", List.of("", "a", "a  ", "ab"));
    VALUES.put(
        "uuid",
        List.of("00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000A"));
    VALUES.put(
        "json", List.of("{\"a\":1,\"b\":[2]}", "{\"b\": [2], \"a\": 1}", "1.0", "1.00", "null"));
    VALUES.put("jsonb", List.of("{}", "[]", "\"|\"", "{\"n\":1.0}", "{\"n\":1}"));
    VALUES.put("bytea", List.of("", "\\x00ff", "\\x00"));
    VALUES.put("date", List.of("2026-05-01", "0044-03-15 BC", "infinity"));
    VALUES.put("time", List.of("00:00", "24:00", "12:00:00.5"));
    VALUES.put("timestamp", List.of("2026-05-01 12:00", "2026-05-01 12:00:00.000001", "infinity"));
    VALUES.put(
        "timestamptz",
        List.of("2026-05-01 12:00+00", "2026-05-01 14:00+02", "2026-05-01 12:00+01", "-infinity"));
    VALUES.put("interval", List.of("1 day", "1 month", "02:00:00.5"));
    VALUES.put("inet", List.of("10.0.0.1", "10.0.0.1/8", "::1"));
    VALUES.put("integer[]", List.of("{}", "{1,2}", "{1,NULL}", "{{1},{2}}"));
    VALUES.put("text[]", List.of("{}", "{\"\"}", "{NULL}", "{\"NULL\"}", "{\"a,b\"}"));
  }

  /** Keys, by the types of their columns. */
  private static final List<List<String>> KEYS =
      List.of(
          List.of("bigint"),
          List.of("text"),
          List.of("numeric"),
          List.of("uuid"),
          List.of("timestamptz"),
          List.of("char(4)"),
          List.of("text", "integer"),
          List.of("date", "text", "boolean"));

  private static final List<String> TEXTS =
      List.of("", " ", "a", "A", "ä", "Z", "é", "it's", "\"", "\\", "a,b", "😀", "ｱ", "?", "{x}");

  private static Database database;
  private static Contract contract;

  @BeforeContainer
  static void createTables() {
    database = AuditScene.Server.POSTGRES.database("law");
    contract =
        AuditScene.contract(KEYS.stream().map(AuditLawTest::yaml).collect(Collectors.joining()));
    for (String schema : List.of("one", "two")) {
      AuditScene.execute(database, "CREATE SCHEMA IF NOT EXISTS " + schema);
      for (List<String> key : KEYS) {
        AuditScene.execute(database, ddl(schema, key));
      }
    }
  }

  @AfterContainer
  static void forget() {
    database = null;
  }

  private static String table(List<String> key) {
    return "by_" + String.join("_", key).replaceAll("\\W", "");
  }

  private static String yaml(List<String> key) {
    StringBuilder yaml = new StringBuilder("- name: " + table(key) + "\n  properties:\n");
    for (int i = 0; i < key.size(); i++) {
      yaml.append(
          "    - {name: k%d, physicalType: \"%s\", primaryKey: true}\n".formatted(i, key.get(i)));
    }
    int column = 0;
    for (String type : VALUES.keySet()) {
      yaml.append("    - {name: c%d, physicalType: \"%s\"}\n".formatted(column++, type));
    }
    return yaml.toString();
  }

  /** The sides sort texts differently; one has an index that serves, and one has none. */
  private static String ddl(String schema, List<String> key) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      boolean isText = key.get(i).equals("text");
      columns.add(
          "k%d %s%s"
              .formatted(
                  i, key.get(i), isText && schema.equals("two") ? " COLLATE \"ucs_basic\"" : ""));
    }
    int column = 0;
    for (String type : VALUES.keySet()) {
      columns.add("c%d %s".formatted(column++, type));
    }
    if (schema.equals("one")) {
      columns.add("PRIMARY KEY (" + keyColumns(key) + ")");
    }
    return "CREATE TABLE %s.%s (%s)".formatted(schema, table(key), String.join(", ", columns));
  }

  private static String keyColumns(List<String> key) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      names.add("k" + i);
    }
    return String.join(", ", names);
  }

  @Property(tries = 25)
  void exactlyWhatAFullJoinFindsIsFound(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    List<String> key = KEYS.get(random.nextInt(KEYS.size()));
    List<List<String>> rows = rows(key, random);
    fill("one", key, rows);
    fill("two", key, changed(key, rows, random));
    assertThat(found(contract.table(table(key)).orElseThrow()), is(joined(key)));
  }

  private static List<List<String>> rows(List<String> key, Random random) {
    Set<List<String>> keys = new LinkedHashSet<>();
    int count = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(ROWS);
    while (keys.size() < count) {
      keys.add(key.stream().map(type -> keyValue(type, random)).toList());
    }
    List<List<String>> rows = new ArrayList<>();
    for (List<String> values : keys) {
      List<String> row = new ArrayList<>(values);
      VALUES.values().forEach(some -> row.add(value(some, random)));
      rows.add(row);
    }
    return rows;
  }

  private static String keyValue(String type, Random random) {
    int number = random.nextInt(1_000) - 500;
    return switch (type) {
      case "text" -> TEXTS.get(random.nextInt(TEXTS.size())) + random.nextInt(9);
      case "char(4)" -> (random.nextBoolean() ? "ä" : "b") + Math.abs(number);
      case "numeric" -> number + ".5";
      case "uuid" -> "00000000-0000-0000-0000-%012x".formatted(random.nextLong(1L << 48));
      case "timestamptz" ->
          "2026-05-%02d 12:%02d+02".formatted(1 + random.nextInt(31), random.nextInt(60));
      case "date" -> "2026-05-%02d".formatted(1 + random.nextInt(31));
      case "boolean" -> Boolean.toString(random.nextBoolean());
      default -> Integer.toString(number);
    };
  }

  private static String value(List<String> some, Random random) {
    int index = random.nextInt(some.size() + 1);
    return index == some.size() ? null : some.get(index);
  }

  private static List<List<String>> changed(
      List<String> key, List<List<String>> rows, Random random) {
    List<List<String>> changed = new ArrayList<>();
    int oneOf = 1 + random.nextInt(40);
    for (List<String> row : rows) {
      List<String> copy = new ArrayList<>(row);
      if (random.nextInt(oneOf) == 0) {
        int only = random.nextInt(2 * VALUES.size());
        int column = 0;
        for (List<String> some : VALUES.values()) {
          boolean isOneOfMany = only >= VALUES.size() && random.nextInt(6) == 0;
          if (column == only || isOneOfMany) {
            copy.set(key.size() + column, value(some, random));
          }
          column++;
        }
      }
      if (random.nextInt(oneOf + 10) > 0) {
        changed.add(copy);
      }
    }
    Set<List<String>> keys =
        rows.stream().map(row -> row.subList(0, key.size())).collect(Collectors.toSet());
    for (List<String> row : rows(key, random)) {
      if (random.nextInt(oneOf + 10) == 0 && keys.add(row.subList(0, key.size()))) {
        changed.add(row);
      }
    }
    return changed;
  }

  private static void fill(String schema, List<String> key, List<List<String>> rows) {
    AuditScene.execute(database, "TRUNCATE " + schema + "." + table(key));
    List<String> values =
        rows.stream()
            .map(
                row ->
                    row.stream()
                        .map(value -> value == null ? "NULL" : "'" + value.replace("'", "''") + "'")
                        .collect(Collectors.joining(", ", "(", ")")))
            .toList();
    // Each by itself: of several the types are not the table's.
    AuditScene.execute(
        database,
        values.stream()
            .map(row -> "INSERT INTO %s.%s VALUES %s".formatted(schema, table(key), row))
            .toArray(String[]::new));
  }

  private static Set<String> found(TableContract table) throws Exception {
    Limits limits = new Limits(SMALL, Duration.ZERO, 10_000, 0, 10_000);
    AuditProgress progress =
        new AuditProgress(new PrintStream(PrintStream.nullOutputStream()), Timing.SYSTEM, 0);
    try (Side one = side("one");
        Side two = side("two")) {
      TableFindings findings =
          new Audit(one, two, limits, Timing.SYSTEM, progress).run(List.of(table)).get(0);
      Set<String> found = new TreeSet<>();
      for (RowFinding finding : findings.examples()) {
        String columns =
            finding.columns().stream()
                .map(ColumnDifference::column)
                .collect(Collectors.joining(","));
        found.add(
            finding.key().values()
                + " "
                + (finding.what() == What.CHANGED ? columns : finding.what().name()));
      }
      return found;
    }
  }

  private static Side side(String schema) throws SQLException {
    return PostgresSide.warehouse(schema, "test", schema, AuditScene.open(database));
  }

  /** What a full join finds. */
  private static Set<String> joined(List<String> key) throws SQLException {
    List<String> types = List.copyOf(VALUES.keySet());
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String cast = types.get(i).equals("json") ? "::jsonb" : "";
      columns.add(
          "CASE WHEN one.c%1$d%2$s IS DISTINCT FROM two.c%1$d%2$s THEN 'c%1$d' END"
              .formatted(i, cast));
    }
    List<String> keys = new ArrayList<>();
    List<String> equal = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      String text = key.get(i).equals("numeric") ? "trim_scale(%s)" : "%s";
      String collation = key.get(i).equals("text") ? " COLLATE \"C\"" : "";
      keys.add(
          text.formatted("coalesce(one.k%d%s, two.k%d)".formatted(i, collation, i)) + "::text");
      equal.add("one.k%d%s = two.k%d".formatted(i, collation, i));
    }
    String sql =
        """
        SELECT array_to_string(ARRAY[%s], ', '), one.k0 IS NULL, two.k0 IS NULL,
          concat_ws(',', %s) FROM one.%s AS one FULL JOIN two.%s AS two ON %s
        """
            .formatted(
                String.join(", ", keys),
                String.join(", ", columns),
                table(key),
                table(key),
                String.join(" AND ", equal));
    Set<String> found = new TreeSet<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      ResultSet rows = statement.executeQuery(sql);
      while (rows.next()) {
        String what =
            rows.getBoolean(2) ? "SURPLUS" : rows.getBoolean(3) ? "MISSING" : rows.getString(4);
        if (!what.isEmpty()) {
          found.add("[" + rows.getString(1) + "] " + what);
        }
      }
    }
    return found;
  }
}
