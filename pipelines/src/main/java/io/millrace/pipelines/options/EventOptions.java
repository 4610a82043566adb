package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How events are read, and what is made of them. */
@Description("Events")
public interface EventOptions extends PipelineOptions {
  @Description(
      "How many seconds after it came in an event may have happened by its own clock; one that is"
          + " further in the future is a dead letter.")
  @ValueName("SECONDS")
  @Range(from = 0)
  @Default.Integer(3_600)
  int getFutureTolerance();

  void setFutureTolerance(int seconds);

  @Description(
      "How many seconds an event of a topic may have happened before one that was read earlier, and"
          + " still be in time; for single topics TOPIC:SECONDS.")
  @ValueName("SECONDS,TOPIC:SECONDS,...")
  @Default.String("5")
  String getDisorder();

  void setDisorder(String disorder);

  @Description(
      "How many seconds a topic's partition that gives nothing more holds the others. What it brings"
          + " later may be late.")
  @ValueName("SECONDS")
  @Range(from = 0)
  @Default.Integer(60)
  int getIdleWait();

  void setIdleWait(int seconds);

  @Description(
      "How many seconds apart, by its own time, an event may come twice with the same id and count"
          + " once; 0: whatever comes counts. Keeps the ids of that time in state.")
  @ValueName("SECONDS")
  @Range(from = 0)
  @Default.Integer(0)
  int getDropDuplicates();

  void setDropDuplicates(int seconds);

  @Description(
      "Raise it by one when tables are computed anew from all events, with another contract, say:"
          + " what is computed now counts as newer than all that was there before.")
  @Range(from = 0)
  @Default.Integer(0)
  int getBuildVersion();

  void setBuildVersion(int version);
}
