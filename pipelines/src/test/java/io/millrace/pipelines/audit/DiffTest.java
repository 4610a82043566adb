package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code diff} of two schemas. */
@Timeout(60)
class DiffTest {
  @TempDir Path directory;
  private AuditScene scene;

  @BeforeEach
  void createVersions() throws Exception {
    scene =
        new AuditScene(
            directory,
            """
            - name: items
              physicalName: public.items
              properties:
                - {name: order_id, physicalType: bigint, primaryKey: true, primaryKeyPosition: 1}
                - {name: line, physicalType: integer, primaryKey: true, primaryKeyPosition: 2}
                - {name: price, physicalType: "numeric(10,2)"}
                - {name: note, physicalType: text}
            """);
    for (String schema : List.of("public_v1", "public_v2")) {
      AuditScene.execute(
          scene.warehouse,
          "CREATE SCHEMA " + schema,
          """
          CREATE TABLE %s.items AS SELECT id::bigint AS order_id, line, (id * line)::numeric(10,2)
            AS price, 'n' AS note, false AS _deleted, '\\x00'::bytea AS _position
          FROM generate_series(1, 100) AS id, generate_series(1, 3) AS line
          """
              .formatted(schema));
    }
  }

  private CommandLine diff(String... more) {
    List<String> arguments = new ArrayList<>(List.of("diff", "--lagSeconds=0"));
    arguments.addAll(scene.warehouseAccess());
    arguments.addAll(List.of(more));
    return CommandLine.run(TestRunner.DIRECT, arguments.toArray(new String[0]));
  }

  @Test
  void rowsAndColumnsThatTheVersionsDoNotShareAreShown() {
    AuditScene.execute(
        scene.warehouse,
        "ALTER TABLE public_v2.items ADD COLUMN discount numeric",
        "ALTER TABLE public_v2.items DROP COLUMN note",
        "UPDATE public_v2.items SET price = price * 2 WHERE order_id = 50",
        "UPDATE public_v2.items SET _deleted = true WHERE order_id = 51 AND line = 2",
        "INSERT INTO public_v2.items (order_id, line, _deleted) VALUES (200, 1, false)");
    CommandLine run = diff("--version=1", "--against=2");
    assertThat(run.exitCode(), is(ExitCode.BUG));
    assertThat(run.err(), is("error: 1 of 1 tables are not the same in public_v1 and public_v2\n"));
    assertThat(
        run.out(),
        allOf(
            containsString("    price: 3 value\n"),
            containsString("    order_id '51', line '2' is missing in public_v2\n"),
            containsString("    order_id '200', line '1' is not in public_v1\n"),
            containsString(
                "    order_id '50', line '3': price is '150' in public_v1 and '300' in public_v2"
                    + " (value)\n"),
            containsString(
                "    not compared: note is not in public_v2; discount is only in public_v2, and not"
                    + " in the contract\n")));
  }

  @Test
  void versionsThatAreTheSameAreEqual() {
    CommandLine run = diff("--version=1", "--againstSchema=public_v2");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
  }

  @Test
  void wrongOptionsNameTheRemedy() {
    assertThat(
        diff("--version=1").err(),
        is(
            "error: diff needs either --against=VERSION or --againstSchema=NAME, to compare"
                + " with\n"));
    assertThat(
        diff("--version=1", "--against=1").err(),
        is("error: diff compares two schemas, got public_v1 twice; give another --against\n"));
    CommandLine none = diff("--version=1", "--against=3");
    assertThat(none.exitCode(), is(ExitCode.BUG));
    assertThat(none.out(), containsString("    the table is not in public_v3\n"));
  }
}
