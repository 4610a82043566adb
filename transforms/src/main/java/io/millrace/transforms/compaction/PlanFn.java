package io.millrace.transforms.compaction;

import io.millrace.transforms.landing.CompactedLanding;
import io.millrace.transforms.landing.LandedLog;
import io.millrace.transforms.read.LogPart;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Divides a landed log into parts, each of whole files, with a number. */
final class PlanFn extends DoFn<byte[], KV<Integer, LogPart>> {
  private static final long serialVersionUID = 1L;

  private final CompactLog settings;

  PlanFn(CompactLog settings) {
    this.settings = settings;
  }

  @ProcessElement
  public void process(OutputReceiver<KV<Integer, LogPart>> out) {
    CompactedLanding.begin(settings.directory(), settings.compaction());
    List<LogPart> parts = parts(settings);
    for (int i = 0; i < parts.size(); i++) {
      out.output(KV.of(i, parts.get(i)));
    }
  }

  /** The parts of what is landed now, by topic, partition and offset. */
  static List<LogPart> parts(CompactLog settings) {
    List<LogPart> parts = new ArrayList<>();
    LandedLog.partitions(settings.landings())
        .forEach(
            (topic, partitions) ->
                partitions.forEach(partition -> add(parts, settings, topic, partition)));
    return parts;
  }

  private static void add(List<LogPart> parts, CompactLog settings, String topic, int partition) {
    LandedLog log = LandedLog.of(settings.landings(), topic, partition);
    if (log.isEmpty()) {
      return;
    }
    long from = log.begin();
    long records = 0;
    for (LandedLog.Span span : log.spans()) {
      records += span.records();
      if (records >= settings.recordsPerPart() || span.to() == log.end()) {
        parts.add(new LogPart(topic, partition, from, span.to()));
        from = span.to();
        records = 0;
      }
    }
  }
}
