package io.millrace.pipelines.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.Millrace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/options.md} is written by this test, with {@code -Dmillrace.docs=write}. */
class OptionsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "options.md");

  @Test
  void thePageSaysWhatTheOptionsDeclare() throws Exception {
    String page = page();
    if ("write".equals(System.getProperty("millrace.docs"))) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(
        "rewrite it with ./mvnw test -pl pipelines -am -Dtest=OptionsPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.docs=write",
        Files.readString(PAGE),
        is(page));
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Options
            Every command and its options, as `./millrace help COMMAND` prints them; a test keeps this page the same as the program. What a runner adds is in [running.md](running.md).

            Options are written `--name=value`; names and order are as here, values of a choice may be in upper or lower case. Passwords are given by their place, never as they are.
            """);
    for (Command<?> command : Millrace.COMMANDS) {
      page.append("\n## ").append(command.name()).append('\n');
      page.append(command.description()).append('\n');
      for (DeclaredOptions.Group group : DeclaredOptions.groups(command.options())) {
        page.append("\n### ").append(command.name()).append(": ").append(group.title());
        page.append("\n| option | default | |\n|---|---|---|\n");
        for (DeclaredOption option : group.options()) {
          page.append("| `").append(option.usage().replace("|", "\\|")).append("` | ");
          page.append(
              option.isRequired()
                  ? "required"
                  : option.defaultValue().map(value -> "`" + value + "`").orElse(""));
          page.append(" | ").append(option.description()).append(" |\n");
        }
      }
      page.append("\n```sh\n");
      for (String example : command.examples()) {
        page.append("./millrace ").append(example.replace(" --", " \\\n    --")).append('\n');
      }
      page.append("```\n");
    }
    return page.toString();
  }
}
