package io.millrace.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.api.common.BatchShuffleMode;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.junit.jupiter.api.Test;

class FlinkSetupTest {
  private final FlinkPipelineOptions options =
      PipelineOptionsFactory.as(FlinkPipelineOptions.class);

  @Test
  void aBoundedRunIsEmbeddedOnAllCoresWithoutCheckpoints() {
    Map<String, String> settings = tune(false);
    assertThat(options.getFlinkMaster(), is("[local]"));
    assertThat(options.getObjectReuse(), is(true));
    assertThat(options.getParallelism(), is(Runtime.getRuntime().availableProcessors()));
    assertThat(options.getCheckpointingInterval(), is(-1L));
    assertThat(settings, not(hasKey("checkpointingInterval")));
  }

  @Test
  void anUnboundedRunKeepsItsCheckpointsInFiles() {
    Map<String, String> settings = tune(true);
    assertThat(options.getCheckpointingInterval(), is(10_000L));
    assertThat(options.getStateBackend(), is("filesystem"));
    assertThat(options.getStateBackendStoragePath(), startsWith("file:///"));
    assertThat(settings.get("maxBundleSize"), is("50000"));
    assertThat("what a checkpoint counts is written", options.getFinishBundleBeforeCheckpointing());
  }

  @Test
  void anUnboundedRunBeginsAgainAfterAFailureButNotForEver() {
    tune(true);
    assertThat(options.getNumberOfExecutionRetries(), is(-1));
    var configuration = GlobalConfiguration.loadConfiguration(options.getFlinkConfDir());
    assertThat(configuration.get(RestartStrategyOptions.RESTART_STRATEGY), is("failure-rate"));
    assertThat(
        configuration.get(
            RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL),
        is(5));
  }

  @Test
  void aBoundedRunInStreamingModeIsTreatedAlike() {
    options.setStreaming(true);
    assertThat(tune(false), hasKey("checkpointingInterval"));
    assertThat("it ends", options.getShutdownSourcesAfterIdleMs(), is(0L));
  }

  @Test
  void whatTheUserGivesStays() {
    options.setParallelism(7);
    options.setObjectReuse(false);
    options.setMaxBundleSize(3L);
    Map<String, String> settings =
        tune(true, "parallelism", "objectReuse", "maxBundleSize", "autoWatermarkInterval");
    assertThat(options.getParallelism(), is(7));
    assertThat(options.getObjectReuse(), is(false));
    assertThat(settings.get("maxBundleSize"), is("3"));
  }

  @Test
  void aClusterKeepsItsOwnWays() {
    options.setFlinkMaster("cluster:8081");
    Map<String, String> settings = tune(true, "flinkMaster");
    assertThat(options.getParallelism(), is(-1));
    assertThat(options.getStateBackend(), is(nullValue()));
    assertThat(options.getFlinkConfDir(), is(nullValue()));
    assertThat(settings, not(hasKey("stateBackend")));
    assertThat(
        new FlinkSetup().remote(options).orElseThrow(),
        allOf(containsString("cluster:8081"), containsString("web interface")));
  }

  @Test
  void embeddedBatchKeepsNothingInFilesBetweenSteps() {
    Map<String, String> settings = tune(false);
    var configuration = GlobalConfiguration.loadConfiguration(options.getFlinkConfDir());
    assertThat(
        configuration.get(ExecutionOptions.BATCH_SHUFFLE_MODE),
        is(BatchShuffleMode.ALL_EXCHANGES_PIPELINED));
    assertThat(settings, hasEntry("useDataStreamForBatch", "true"));
    assertThat(settings, not(hasKey("checkpointingInterval")));
  }

  @Test
  void thePageAboutRunningNamesEverySetting() throws Exception {
    String page = Files.readString(Path.of("..", "..", "docs", "running.md"));
    for (FlinkSetting<?> setting : FlinkSetting.ALL) {
      assertThat(page, containsString("`--" + setting.option() + "`"));
    }
  }

  private Map<String, String> tune(boolean unbounded, String... given) {
    return new FlinkSetup().tune(options, Set.of(given)::contains, unbounded);
  }
}
