package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.quality.RunLedger.Stage;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes what a run counts to {@link LedgerFiles}: per table, the sums since it began. The
 * directory is one that all workers see.
 *
 * <p>Input, state and exactness: as {@link SumCounts}.
 */
@AutoValue
public abstract class WriteLedgerFiles
    extends PTransform<PCollection<KV<String, ChangeCounts>>, PDone> {
  abstract String directory();

  abstract String run();

  /** Writes the ledger of a run of this name. */
  public static WriteLedgerFiles to(String directory, String run) {
    return new AutoValue_WriteLedgerFiles(directory, run);
  }

  @Override
  public PDone expand(PCollection<KV<String, ChangeCounts>> input) {
    input
        .apply("Sum", SumCounts.perTable())
        .apply("Write", ParDo.of(new WriteFn(directory(), run())));
    return PDone.in(input.getPipeline());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("directory", directory())).add(DisplayData.item("run", run()));
  }

  /** Writes the newest sums of a bundle when it ends. */
  static final class WriteFn extends DoFn<KV<String, ChangeCounts>, Void> {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final String run;
    private transient SortedMap<String, ChangeCounts> newest;

    WriteFn(String directory, String run) {
      this.directory = directory;
      this.run = run;
    }

    @StartBundle
    public void startBundle() {
      newest = new TreeMap<>();
    }

    @ProcessElement
    public void process(@Element KV<String, ChangeCounts> sum) {
      newest.merge(sum.getKey(), sum.getValue(), ChangeCounts::newer);
    }

    @FinishBundle
    public void finishBundle() {
      LedgerFiles files = LedgerFiles.in(Path.of(directory));
      newest.forEach((table, counts) -> files.replace(run, Stage.MERGE, table, counts));
    }
  }
}
