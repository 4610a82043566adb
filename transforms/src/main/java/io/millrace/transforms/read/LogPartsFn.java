package io.millrace.transforms.read;

import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Finds the parts of a log when the job starts. */
final class LogPartsFn extends DoFn<byte[], LogPart> {
  private static final long serialVersionUID = 1L;

  private final LogSettings settings;
  private final Start from;
  private final @Nullable Start to;

  LogPartsFn(LogSettings settings, Start from, @Nullable Start to) {
    this.settings = settings;
    this.from = from;
    this.to = to;
  }

  @ProcessElement
  public void process(OutputReceiver<LogPart> out) {
    find(settings, from, to).forEach(out::output);
  }

  /** The parts that there are now. */
  static List<LogPart> find(LogSettings settings, Start from, @Nullable Start to) {
    if (settings.topics() == null) {
      return new LogParts(settings, from, to, null).find();
    }
    return settings.topics().ask(consumer -> new LogParts(settings, from, to, consumer).find());
  }
}
