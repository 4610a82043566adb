package io.millrace.transforms.compaction;

import io.millrace.transforms.landing.CompactedLanding;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.LandedLog;
import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.read.LogPart;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.roaringbitmap.RoaringBitmap;

/** Writes the records of a part that were chosen, if its partition has changes of rows. */
final class CopyFn extends DoFn<KV<Integer, CoGbkResult>, KV<String, LandedFile>> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<LogPart> PARTS = new TupleTag<>("parts") {};
  static final TupleTag<byte[]> CHOSEN = new TupleTag<>("chosen") {};

  private final CompactLog settings;
  private final PCollectionView<List<String>> partitions;
  private final RunCounter recordsKept = RunCounter.named("records_kept");

  CopyFn(CompactLog settings, PCollectionView<List<String>> partitions) {
    this.settings = settings;
    this.partitions = partitions;
  }

  @ProcessElement
  public void process(@Element KV<Integer, CoGbkResult> element, ProcessContext context) {
    LogPart part = element.getValue().getOnly(PARTS);
    if (!context.sideInput(partitions).contains(CompactLog.partition(part))) {
      return;
    }
    RoaringBitmap chosen = new RoaringBitmap();
    for (byte[] places : element.getValue().getAll(CHOSEN)) {
      chosen.or(Places.decode(places));
    }
    LandedFile file =
        CompactedLanding.of(settings.directory())
            .write(
                LandedLog.of(settings.landings(), part.topic(), part.partition()),
                part.topic(),
                part.partition(),
                part.from(),
                part.to(),
                offset -> chosen.contains((int) (offset - part.from())));
    recordsKept.add(file.records());
    context.output(KV.of(CompactLog.partition(part), file));
  }
}
