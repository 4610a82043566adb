package io.millrace.runners.direct;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInRelativeOrder;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.pipelines.launch.ExitCode;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.options.BucketOptions;
import java.util.Map;
import java.util.Set;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

class DirectSetupTest {
  private final DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);

  @Test
  void theChecksOfEveryElementAreOff() {
    tune(Set.of());
    assertThat(options.isEnforceImmutability(), is(false));
    assertThat(options.isEnforceEncodability(), is(false));
    assertThat("progress is shown meanwhile", options.isBlockOnRun(), is(false));
    assertThat(options.as(BucketOptions.class).getBuckets(), is(16));
  }

  @Test
  void whatTheUserGivesStays() {
    options.as(BucketOptions.class).setBuckets(256);
    Map<String, String> settings =
        tune(Set.of("enforceImmutability", "enforceEncodability", "buckets"));
    assertThat(options.isEnforceImmutability(), is(true));
    assertThat(settings.get("enforceEncodability"), is("true"));
    assertThat(settings.get("buckets"), is("256"));
  }

  @Test
  void theSettingsAreTold() {
    assertThat(
        tune(Set.of()).keySet(),
        containsInRelativeOrder("targetParallelism", "enforceImmutability", "buckets"));
  }

  @Test
  void aGroupThatWouldLoseRecordsIsRefused() {
    LaunchException refused = assertThrows(LaunchException.class, () -> tune(Set.of("kafkaGroup")));
    assertThat(refused.exitCode(), is(ExitCode.INPUT));
  }

  private Map<String, String> tune(Set<String> given) {
    return new DirectSetup().tune(options, given::contains, false);
  }
}
