package io.millrace.transforms.view;

import io.millrace.transforms.quality.ChangeCounts;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link JoinTables} makes of changes: the rows of each view, and counts. */
public final class JoinedTables implements POutput {
  static final TupleTag<KV<String, ChangeCounts>> COUNTS = new TupleTag<>("counts") {};

  private final Map<String, PCollection<Row>> views;
  private final PCollection<KV<String, ChangeCounts>> counts;

  JoinedTables(Map<String, PCollection<Row>> views, PCollection<KV<String, ChangeCounts>> counts) {
    this.views = views;
    this.counts = counts;
  }

  /**
   * Rows of a view that are new or other than before, and those that are gone, as they were: the
   * columns by their {@code physicalName}, {@link JoinTables#REVISION} (INT64) and {@link
   * JoinTables#DELETED} (BOOLEAN). Of the rows of a key, the one with the highest revision holds.
   *
   * @param view the name of its contract
   * @throws IllegalArgumentException if there is no such view
   */
  public PCollection<Row> rows(String view) {
    PCollection<Row> rows = views.get(view);
    if (rows == null) {
      throw new IllegalArgumentException(
          "there is no view " + view + "; there are " + views.keySet());
    }
    return rows;
  }

  /**
   * How many changes of the views' tables were accepted, superseded or duplicates, by table and
   * once a bundle.
   */
  public PCollection<KV<String, ChangeCounts>> counts() {
    return counts;
  }

  @Override
  public Pipeline getPipeline() {
    return counts.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    Map<TupleTag<?>, PValue> outputs = new HashMap<>();
    outputs.put(COUNTS, counts);
    views.forEach((name, rows) -> outputs.put(new TupleTag<Row>(name), rows));
    return outputs;
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
