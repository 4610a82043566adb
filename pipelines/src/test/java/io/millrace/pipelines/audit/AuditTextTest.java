package io.millrace.pipelines.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.launch.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How {@code audit} shows keys and values. */
@Timeout(60)
class AuditTextTest {
  @TempDir Path directory;
  private AuditScene scene;

  @BeforeEach
  void createTables() throws Exception {
    scene =
        new AuditScene(
            directory,
            """
            - name: readers
              physicalName: public.readers
              properties:
                - {name: email, physicalType: text, primaryKey: true, tags: [personal]}
                - {name: note, physicalType: text}
            """);
    AuditScene.execute(
        scene.source,
        "CREATE TABLE readers (email text PRIMARY KEY, note text)",
        "INSERT INTO readers VALUES ('ada@example.com', repeat('😀', 61)),"
            + " ('bob@example.com', E'two\\n\\tlines'), ('eve@example.com', repeat('x', 60))");
    AuditScene.execute(
        scene.warehouse,
        "CREATE TABLE readers (email text PRIMARY KEY, note text, _deleted boolean DEFAULT false)",
        "INSERT INTO readers VALUES ('ada@example.com', 'a'), ('bob@example.com', 'b'),"
            + " ('eve@example.com', 'e')");
  }

  @Test
  void aKeyThatIsPersonalIsShownOnlyIfAskedFor() throws Exception {
    assertThat(
        scene.audit().out(),
        allOf(
            not(containsString("@example.com")), containsString("email (personal data): note is")));
    assertThat(scene.json().toString(), not(containsString("@example.com")));
    assertThat(scene.audit("--showPersonalData").out(), containsString("email 'ada@example.com'"));
    assertThat(scene.json("--showPersonalData").toString(), containsString("ada@example.com"));
  }

  @Test
  void aValueIsOneLineThatEndsSomewhere() {
    assertThat(scene.audit().exitCode(), is(ExitCode.BUG));
    assertThat(
        scene.audit().out(),
        allOf(
            containsString("note is '" + "😀".repeat(60) + "…' (61 characters) in the source"),
            containsString("note is 'two\uFFFD\uFFFDlines' in the source"),
            containsString("note is '" + "x".repeat(60) + "' in the source")));
  }
}
