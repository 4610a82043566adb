package io.millrace.pipelines.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.Session;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

/** An embedded run has no state to go on from, though its group has offsets. */
class GroupWarningTest {
  @Test
  void aGroupIsWarnedOfWhereNoStateIsKept() {
    assertThat(
        warning("--kafkaGroup=till"),
        startsWith("warning: --kafkaGroup=till: a run in this process goes on behind the events"));
  }

  @Test
  void withoutAGroupAllIsReadAgain() {
    assertThat(warning(), is(""));
  }

  private static String warning(String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Events.warnOfLostState(
        PipelineOptionsFactory.fromArgs(arguments).as(EventPipelineOptions.class),
        new Session(stream, stream, TestRunner.FLINK, option -> false));
    return err.toString(StandardCharsets.UTF_8);
  }
}
