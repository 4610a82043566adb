package io.millrace.runners.direct;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.RunnerSetup;
import io.millrace.pipelines.options.BucketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Direct, without the checks of every element that it makes for the authors of transforms, which
 * cost more than the work itself.
 */
final class DirectSetup implements RunnerSetup {
  private static final int BUCKETS = 16;

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public Class<? extends PipelineRunner<?>> runner() {
    return DirectRunner.class;
  }

  @Override
  public Class<? extends PipelineOptions> options() {
    return DirectOptions.class;
  }

  @Override
  public Map<String, String> tune(
      PipelineOptions options, Predicate<String> given, boolean unbounded) {
    if (given.test("kafkaGroup")) {
      throw LaunchException.input(
          "--kafkaGroup is not for direct, which commits offsets of records that are not written"
              + " yet, so that a run that is killed would lose them; take --runner=flink");
    }
    DirectOptions direct = options.as(DirectOptions.class);
    direct.setBlockOnRun(false);
    if (!given.test("enforceImmutability")) {
      direct.setEnforceImmutability(false);
    }
    if (!given.test("enforceEncodability")) {
      direct.setEnforceEncodability(false);
    }
    if (!given.test("buckets")) {
      direct.as(BucketOptions.class).setBuckets(BUCKETS);
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("targetParallelism", Integer.toString(direct.getTargetParallelism()));
    settings.put("enforceImmutability", Boolean.toString(direct.isEnforceImmutability()));
    settings.put("enforceEncodability", Boolean.toString(direct.isEnforceEncodability()));
    settings.put("buckets", Integer.toString(direct.as(BucketOptions.class).getBuckets()));
    return settings;
  }

  @Override
  public Map<String, String> tunable() {
    Map<String, String> tunable = new LinkedHashMap<>();
    tunable.put(
        "targetParallelism=N", "How many threads work. Default: a core each, but at least 3.");
    tunable.put(
        "enforceImmutability",
        "Check that no transform changes an element. Default: false, since it takes most of the"
            + " time.");
    tunable.put(
        "enforceEncodability",
        "Check that every element can be encoded. Default: false, for the same reason.");
    tunable.put(
        "buckets=N",
        "As above. Default here: "
            + BUCKETS
            + ", since Direct makes a bundle, and so a write, of each bucket, and keeps no state"
            + " beyond a run.");
    return tunable;
  }

  @Override
  public Optional<String> remote(PipelineOptions options) {
    return Optional.empty();
  }
}
