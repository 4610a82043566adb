package io.millrace.pipelines.options;

import io.millrace.transforms.block.Buckets;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How keys are divided. */
@Description("Keys")
public interface BucketOptions extends PipelineOptions {
  @Description(
      "The number of buckets of keys, which bounds the parallelism; what is known of a bucket's keys"
          + " is kept together. Part of a job's state: keep it for the job's life.")
  @Range(from = 1, to = 32_768)
  @Default.Integer(Buckets.DEFAULT)
  int getBuckets();

  void setBuckets(int buckets);
}
