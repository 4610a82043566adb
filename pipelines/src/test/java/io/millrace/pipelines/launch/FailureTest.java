package io.millrace.pipelines.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.enrich.EnrichWith;
import io.millrace.transforms.lookup.TableFiles;
import io.millrace.transforms.read.SourceException;
import java.io.IOException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
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
  void aLookupThatCannotBeLoadedIsAFaultOfTheWorld() {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(KV.of("a", "b")))
        .apply(
            EnrichWith.lookup(
                TableFiles.csv("none.csv", row -> KV.of(row.get("a"), row.get("b"))),
                StringUtf8Coder.of()));
    assertThat(
        Failure.of(assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish())),
        is(
            new Failure(
                ExitCode.WORLD,
                "none.csv cannot be loaded for a lookup: no file matches none.csv")));
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
