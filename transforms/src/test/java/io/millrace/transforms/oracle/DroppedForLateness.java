package io.millrace.transforms.oracle;

import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** What a runner itself dropped as late, which must be nothing. */
public final class DroppedForLateness {
  public static long by(PipelineResult run) {
    long dropped = 0;
    for (MetricResult<Long> counter :
        run.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
      if (counter.getName().getName().equals("DroppedDueToLateness")) {
        dropped += counter.getAttempted();
      }
    }
    return dropped;
  }

  private DroppedForLateness() {}
}
