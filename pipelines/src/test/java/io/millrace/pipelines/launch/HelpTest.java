package io.millrace.pipelines.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.stringContainsInOrder;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.Millrace;
import io.millrace.pipelines.TestRunner;
import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTest {
  private final String help = run("help", "replicate");

  @Test
  void everyCommandIsInTheOverview() {
    for (Command<?> command : Millrace.COMMANDS) {
      assertThat(run(), containsString("  " + command.name() + "  "));
      assertThat(run("list"), containsString(command.summary()));
    }
    assertThat(run("--help"), is(run()));
  }

  @Test
  void everyOptionStandsUnderItsConcern() {
    assertThat(
        help,
        stringContainsInOrder(
            "\nContract\n",
            "--contract=FILE  (required)",
            "\nSource\n",
            "--input=FILES",
            "\nKafka\n",
            "--kafkaTopics=TOPIC,...",
            "\nWarehouse\n",
            "--warehouseUrl=JDBC_URL",
            "\nWarehouse tables\n",
            "--deletes=soft|hard",
            "Default: soft.",
            "\nKeys\n",
            "--buckets=N",
            "Default: 256.",
            "\nDead letters\n",
            "--deadLetters=DIR",
            "\nGeneral\n",
            "--verbose\n",
            "\nRunner\n",
            "--runner=direct|flink|dataflow",
            "\nExamples\n",
            "./millrace replicate"));
  }

  @Test
  void everyOptionIsDescribed() {
    for (Command<?> command : Millrace.COMMANDS) {
      for (DeclaredOptions.Group group : DeclaredOptions.groups(command.options())) {
        for (DeclaredOption option : group.options()) {
          assertThat(option.name(), option.description().endsWith("."), is(true));
        }
      }
    }
  }

  @Test
  void helpIsTheSameHoweverItIsAskedFor() {
    assertThat(run("replicate", "--help"), is(help));
    assertThat(run("replicate", "--deletes=hard", "-h"), is(help));
  }

  @Test
  void linesFitAScreen() {
    List<String> wide = help.lines().filter(line -> line.length() > 110).toList();
    assertThat("too wide: " + wide, wide.size(), lessThanOrEqualTo(0));
  }

  @Test
  void examplesAreAcceptedAsTheyStand() {
    for (Command<?> command : Millrace.COMMANDS) {
      for (String example : command.examples()) {
        List<String> arguments =
            List.of(example.replace("--runner=flink ", "").replace("'", "").split(" "));
        Arguments.parse(
                command.name(),
                arguments.subList(1, arguments.size()),
                DeclaredOptions.all(command.options(), TestRunner.DIRECT.options()))
            .as(command.options());
      }
    }
  }

  @Test
  void anUnknownCommandHasNoHelp() {
    CommandLine run = CommandLine.run(TestRunner.DIRECT, "help", "replicat");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), allOf(containsString("replicat"), containsString("replicate")));
  }

  private static String run(String... arguments) {
    CommandLine run = CommandLine.run(TestRunner.DIRECT, arguments);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    return run.out();
  }
}
