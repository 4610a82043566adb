package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lake and a warehouse that {@code replicate} has filled with the same changes. */
@Timeout(120)
class LakeAuditTest {
  private static final String CONTRACT =
      """
      - name: things
        physicalName: public.things
        properties:
          - {name: name, physicalType: text, primaryKey: true, primaryKeyPosition: 1}
          - {name: number, physicalType: "numeric(6,1)", primaryKey: true, primaryKeyPosition: 2}
          - {name: flag, physicalType: boolean}
          - {name: small, physicalType: smallint}
          - {name: price, physicalType: "numeric(12,4)"}
          - {name: any, physicalType: numeric}
          - {name: single, physicalType: real}
          - {name: twice, physicalType: double precision}
          - {name: code, physicalType: "char(5)"}
          - {name: id, physicalType: uuid}
          - {name: document, physicalType: jsonb}
          - {name: bytes, physicalType: bytea}
          - {name: day, physicalType: date}
          - {name: opens, physicalType: time}
          - {name: closes, physicalType: timetz}
          - {name: at, physicalType: timestamp}
          - {name: seen, physicalType: timestamptz}
          - {name: took, physicalType: interval}
          - {name: tags, physicalType: "text[]"}
          - {name: counts, physicalType: "integer[]"}
          - {name: rates, physicalType: "numeric(6,2)[]"}
          - {name: flags, physicalType: "boolean[]"}
      - name: days
        physicalName: public.days
        properties:
          - {name: day, physicalType: date, primaryKey: true}
          - {name: visits, physicalType: bigint, physicalName: visitors}
      """;

  private static final List<List<String>> VALUES =
      List.of(
          List.of("\"flag\":true", "\"flag\":false", "\"flag\":null"),
          List.of("\"small\":-7", "\"small\":0"),
          List.of("\"price\":\"10.5000\"", "\"price\":0", "\"price\":-0.0001", "\"price\":\"NaN\""),
          List.of("\"any\":\"1e30\"", "\"any\":\"1.50\"", "\"any\":100", "\"any\":\"NaN\""),
          List.of("\"single\":0.1", "\"single\":1e20", "\"single\":-0.0", "\"single\":123456789"),
          List.of(
              "\"twice\":0.30000000000000004",
              "\"twice\":2e-3",
              "\"twice\":1e15",
              "\"twice\":1e-5",
              "\"twice\":5.6843418860808015e-14",
              "\"twice\":\"Infinity\""),
          List.of("\"code\":\"ab\"", "\"code\":\"\"", "\"code\":\"ü\""),
          List.of("\"id\":\"00000000-0000-0000-0000-00000000000a\""),
          List.of(
              "\"document\":{\"bb\":[1,2.50],\"a\":{\"x\":null,\"é\":\"q\\\"\\n\\u0001\"}}",
              "\"document\":[]",
              "\"document\":{\"b\":1e3,\"aa\":{}}"),
          List.of("\"bytes\":\"AP8=\"", "\"bytes\":\"\""),
          List.of("\"day\":\"2026-05-01\"", "\"day\":\"infinity\"", "\"day\":\"-0043-03-15\""),
          List.of("\"opens\":\"08:30:00\"", "\"opens\":\"23:59:59.999999\""),
          List.of("\"closes\":\"18:00:00+02:00\"", "\"closes\":\"18:00:00Z\""),
          List.of("\"at\":\"2026-05-01T12:00:00.5\"", "\"at\":\"1900-01-01T00:00:00\""),
          List.of("\"seen\":\"2026-05-01T14:00:00+02:00\"", "\"seen\":\"-infinity\""),
          List.of("\"took\":\"1 day\"", "\"took\":\"02:00:00\""),
          List.of("\"tags\":[]", "\"tags\":[\"a\",\"b c\",\"\",null,\"NULL\",\"q\\\"\\\\\"]"),
          List.of("\"counts\":[1,null,3]", "\"counts\":null"),
          List.of("\"rates\":[\"1.50\",\"2.00\"]", "\"rates\":[]"),
          List.of("\"flags\":[true,false,null]"));

  @TempDir static Path directory;
  private static AuditScene scene;
  private static Path lake;
  private static int position;

  @BeforeAll
  static void replicate() throws Exception {
    scene = new AuditScene(directory, CONTRACT);
    lake = directory.resolve("lake");
    Path changes = directory.resolve("changes.jsonl");
    Files.write(changes, changes(new Random(7)));
    CommandLine run = replicate(changes);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
  }

  private static CommandLine replicate(Path changes) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "replicate",
                "--format=changes",
                "--input=" + changes,
                "--lake=" + lake,
                "--deadLetters=" + directory.resolve("dead")));
    arguments.addAll(scene.warehouseAccess());
    return CommandLine.run(TestRunner.DIRECT, arguments.toArray(new String[0]));
  }

  private static CommandLine audit(String... more) {
    return CommandLine.run(
        TestRunner.DIRECT,
        Stream.of(
                List.of("audit", "--lagSeconds=0", "--lake=" + lake),
                scene.warehouseAccess(),
                List.of(more))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  /** Upserts of all columns and of some, deletes and a truncate, in no order. */
  private static List<String> changes(Random random) {
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int row = random.nextInt(120);
      String key = "\"name\":\"ä %d\",\"number\":%d.%d".formatted(row % 7, row / 7, row % 3);
      if (random.nextInt(5) == 0) {
        changes.add(change("things", "delete", "\"key\":{%s}".formatted(key)));
      } else {
        boolean isWhole = random.nextInt(3) > 0;
        List<String> after = new ArrayList<>(List.of(key));
        for (List<String> some : VALUES) {
          if (isWhole || random.nextBoolean()) {
            after.add(some.get(random.nextInt(some.size())));
          }
        }
        changes.add(
            change(
                "things",
                "upsert",
                "\"key\":{%s},\"after\":{%s}".formatted(key, String.join(",", after))));
      }
      if (i == 100) {
        changes.add(change("things", "truncate", "\"x\":0"));
      }
    }
    for (int day = 1; day <= 28; day++) {
      String key = "\"day\":\"2026-02-%02d\"".formatted(day);
      changes.add(
          change(
              "days", "upsert", "\"key\":{%1$s},\"after\":{%1$s,\"visitors\":5}".formatted(key)));
    }
    Collections.shuffle(changes, random);
    return changes;
  }

  private static String change(String table, String operation, String more) {
    return "{\"table\":\"public.%s\",\"op\":\"%s\",\"position\":%d,%s}"
        .formatted(table, operation, ++position, more);
  }

  @Test
  void whatTheChangesComeToIsWhatTheWarehouseHas() {
    CommandLine run = audit("--tables=things");
    assertThat(run.out() + run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(run.out(), containsString("things               98               98"));
  }

  @Test
  void whatTheWarehouseHasOtherwiseIsFound() {
    AuditScene.execute(
        scene.warehouse,
        "UPDATE days SET visits = 6 WHERE day = '2026-02-03'",
        "UPDATE days SET _deleted = true WHERE day = '2026-02-04'",
        "INSERT INTO days (day, visits, _position, _deleted)"
            + " VALUES ('2027-01-01', 1, '\\x00', false)");
    CommandLine run = audit("--tables=days");
    assertThat(run.exitCode(), is(ExitCode.BUG));
    assertThat(
        run.out(),
        allOf(
            containsString("    day '2026-02-04' is missing in the warehouse\n"),
            containsString("    day '2027-01-01' is not in the lake\n"),
            containsString(
                "    day '2026-02-03': visits is '5' in the lake and '6' in the warehouse"
                    + " (value)\n")));
  }

  @Test
  void aDirectoryWithoutALakeIsTheUsersInput() {
    CommandLine run =
        CommandLine.run(
            TestRunner.DIRECT,
            Stream.concat(
                    Stream.of("audit", "--lake=" + directory.resolve("none")),
                    scene.warehouseAccess().stream())
                .toArray(String[]::new));
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("--lake: there is no lake in "));
    assertThat(
        CommandLine.run(
                TestRunner.DIRECT,
                Stream.concat(Stream.of("audit"), scene.warehouseAccess().stream())
                    .toArray(String[]::new))
            .err(),
        containsString("audit compares two sides, got 1; give two of --databaseUrl=JDBC_URL"));
  }
}
