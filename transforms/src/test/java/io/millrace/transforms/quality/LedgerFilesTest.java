package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.quality.RunLedger.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class LedgerFilesTest {
  private static final ChangeCounts ONE = ChangeCounts.builder().setRead(1).setAccepted(1).build();

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void sumsOfAllBundlesAreInTheFiles(TestRunner runner) throws Exception {
    List<KV<String, ChangeCounts>> counts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      counts.add(KV.of(i % 4 == 0 ? "../a/b c" : "", ONE));
    }
    LedgerFiles files = LedgerFiles.in(directory.resolve("ledger"));
    files.begin("run");
    Pipeline pipeline = runner.pipeline();
    pipeline
        .apply(
            Create.of(counts).withCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())))
        .apply(WriteLedgerFiles.to(directory.resolve("ledger").toString(), "run"));
    pipeline.run().waitUntilFinish();
    RunLedger ledger = files.read("run").orElseThrow();
    assertThat(
        ledger.merge(),
        is(
            Map.of(
                "../a/b c", ChangeCounts.builder().setRead(25).setAccepted(25).build(),
                "", ChangeCounts.builder().setRead(75).setAccepted(75).build())));
    assertThat(ledger.startedAt(), is(notNullValue()));
    assertThat(ledger.endedAt(), is(nullValue()));
    try (var all = Files.walk(directory)) {
      assertThat("files and directories", all.count(), is(6L));
    }
  }

  @Test
  void aRunBeginsOnceAndMayGoOn() {
    LedgerFiles files = LedgerFiles.in(directory);
    assertThat(files.newest(3), is(empty()));
    files.begin("first");
    RunLedger begun = files.read("first").orElseThrow();
    files.end("first");
    assertThat(files.read("first").orElseThrow().endedAt(), is(notNullValue()));
    files.begin("first");
    RunLedger again = files.read("first").orElseThrow();
    assertThat(again.startedAt(), is(begun.startedAt()));
    assertThat(again.endedAt(), is(nullValue()));
    assertThat(files.newest(3), contains("first"));
    assertThat(files.read("other"), is(Optional.empty()));
  }

  @Test
  void sumsOfAnEarlierAttemptGiveWayOnlyToNewerOnes() {
    LedgerFiles files = LedgerFiles.in(directory);
    files.begin("run");
    files.replace("run", Stage.MERGE, "t", ONE.plus(ONE));
    files.replace("run", Stage.MERGE, "t", ONE);
    assertThat(files.read("run").orElseThrow().merge(), is(Map.of("t", ONE.plus(ONE))));
  }

  @Test
  void theNewestSumsStayHoweverManyWriteAtOnce() {
    LedgerFiles files = LedgerFiles.in(directory);
    files.begin("run");
    IntStream.rangeClosed(1, 400)
        .parallel()
        .mapToObj(read -> ChangeCounts.builder().setRead(read).build())
        .forEach(counts -> files.replace("run", Stage.MERGE, "t", counts));
    assertThat(files.read("run").orElseThrow().merge().get("t").read(), is(400L));
  }
}
