package io.millrace.transforms.quality;

import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Counts, by table, what was parsed of the records of a block, in the ledger's terms. */
public final class RecordTally {
  private final Map<String, Counts> tables = new HashMap<>(4);
  private long parsed;
  private long rejected;

  /** Counts a change, or an event, of a table. */
  public void parsed(String table) {
    parsed++;
    counts(table).parsed++;
  }

  /** Counts what is no change of a row: of a table, or empty where that is not known. */
  public void control(String table) {
    counts(table).control++;
  }

  /** Counts a record that was rejected, and its table where that is known. */
  public void rejected(@Nullable String table) {
    rejected++;
    counts(table == null ? "" : table).rejected++;
  }

  /** How many were parsed, of all tables. */
  public long parsed() {
    return parsed;
  }

  /** How many were rejected, of all tables. */
  public long rejected() {
    return rejected;
  }

  /** Hands over each table's counts. */
  public void output(OutputReceiver<KV<String, ChangeCounts>> out) {
    tables.forEach((table, counts) -> out.output(KV.of(table, counts.toChangeCounts())));
  }

  private Counts counts(String table) {
    return tables.computeIfAbsent(table, key -> new Counts());
  }

  /** A table's share. */
  private static final class Counts {
    private long parsed;
    private long rejected;
    private long control;

    ChangeCounts toChangeCounts() {
      return ChangeCounts.builder()
          .setRead(parsed + rejected + control)
          .setRejected(rejected)
          .setControl(control)
          .build();
    }
  }
}
