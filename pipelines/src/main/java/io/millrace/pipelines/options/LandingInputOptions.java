package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The part of a log that is read, also from where it was landed. */
@Description("Replay")
public interface LandingInputOptions extends PipelineOptions {
  @Description(
      "A landing that is read first, as archive --landing=DIR wrote it; where it ends, the run goes"
          + " on with the topics of Kafka at exactly the next offset, if there are such options, and"
          + " else it ends. Of several, separated by commas, the first that has an offset is read: a"
          + " compacted landing stands before that which it was made of.")
  @ValueName("DIR,...")
  @Nullable String getFromLanding();

  void setFromLanding(@Nullable String directories);

  @Description(
      "Where in the landing and its topics to begin: at the oldest record, the newest, a time in"
          + " ISO-8601 such as 2026-05-01T00:00:00Z, or offsets such as orders/0=1200,orders/1=1187;"
          + " the oldest by default.")
  @ValueName("earliest|latest|TIME|OFFSETS")
  @Nullable String getFrom();

  void setFrom(@Nullable String from);

  @Description(
      "Before what to end: what --from would begin with, in the landing or in Kafka. With latest, at"
          + " what is there when the run starts. By default a run with Kafka does not end.")
  @ValueName("latest|TIME|OFFSETS")
  @Nullable String getTo();

  void setTo(@Nullable String to);
}
