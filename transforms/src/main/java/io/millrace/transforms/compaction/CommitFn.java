package io.millrace.transforms.compaction;

import io.millrace.transforms.landing.CompactedLanding;
import io.millrace.transforms.landing.LandedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Makes the files of a partition count, once all are written. */
final class CommitFn extends DoFn<KV<String, Iterable<LandedFile>>, Long> {
  private static final long serialVersionUID = 1L;

  private final CompactLog settings;

  CommitFn(CompactLog settings) {
    this.settings = settings;
  }

  @ProcessElement
  public void process(
      @Element KV<String, Iterable<LandedFile>> partition, OutputReceiver<Long> out) {
    List<LandedFile> files = new ArrayList<>();
    partition.getValue().forEach(files::add);
    files.sort(Comparator.comparingLong(LandedFile::from));
    CompactedLanding.of(settings.directory()).commit(files);
    out.output((long) files.size());
  }
}
