package io.millrace.pipelines.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.transforms.read.SourceException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureTest {

  @Test
  void whatMillraceSaysCountsThoughAConnectorWrapsIt() {
    SourceException gone = SourceException.world("Records of shop-0 were deleted");
    Throwable wrapped = new IOException("Exception while reading from Kafka", gone);
    assertThat(
        Failure.of(new IllegalStateException(wrapped)),
        is(new Failure(ExitCode.WORLD, "Records of shop-0 were deleted")));
  }

  @Test
  void otherwiseTheOutermostFaultOfTheWorldCounts() {
    Throwable inner = new IOException("inner");
    assertThat(
        Failure.of(new IllegalStateException(new IOException("outer", inner))),
        is(new Failure(ExitCode.WORLD, "IOException: outer")));
  }

  @Test
  void whatNobodyKnowsIsAFault() {
    Failure failure = Failure.of(new IllegalStateException("odd"));
    assertThat(failure.exitCode(), is(ExitCode.BUG));
    assertThat(failure.message(), startsWith("IllegalStateException: odd (a fault"));
  }
}
