package io.millrace.transforms.enrich;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ChangeRows;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.DeadLetter.Stage;
import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Makes versions of the changes of one table. */
final class ReadVersionsFn<K> extends DoFn<ChangeEvent, KV<K, TableVersion<Row>>> {
  private static final long serialVersionUID = 1L;

  private final TableContract table;
  private final ChangeRows rows;
  private final SerializableFunction<Row, K> key;
  private final TupleTag<KV<K, TableVersion<Row>>> versions;
  private final TupleTag<DeadLetter> deadLetters;
  private final RunCounter ignored = RunCounter.named("table_changes_ignored");

  ReadVersionsFn(
      TableContract table,
      ChangeRows rows,
      SerializableFunction<Row, K> key,
      TupleTag<KV<K, TableVersion<Row>>> versions,
      TupleTag<DeadLetter> deadLetters) {
    this.table = table;
    this.rows = rows;
    this.key = key;
    this.versions = versions;
    this.deadLetters = deadLetters;
  }

  @ProcessElement
  public void process(@Element ChangeEvent change, MultiOutputReceiver out) {
    if (!table.isNamed(table.physicalName(), change.table())) {
      return;
    }
    if (change.operation().isOfTable()) {
      ignored.add(1);
      return;
    }
    try {
      TableVersion<Row> version = version(change);
      out.get(versions).output(KV.of(key.apply(rows.key(change)), version));
    } catch (RejectedRecordException e) {
      out.get(deadLetters).output(DeadLetter.of(Stage.PARSE, e.reason(), e.getMessage(), change));
    }
  }

  private TableVersion<Row> version(ChangeEvent change) {
    if (change.committedAt() == ChangeEvent.NO_TIME) {
      throw new RejectedRecordException(
          Reason.NO_TIME,
          "the change does not tell when it was committed, so it has no place among a row's"
              + " versions; take a format that tells");
    }
    Instant since = Instant.ofEpochMilli(Math.floorDiv(change.committedAt(), 1_000L));
    if (change.operation() == Operation.DELETE) {
      return TableVersion.delete(since, change.position());
    }
    Row row = rows.row(change);
    return change.operation() == Operation.READ
        ? TableVersion.snapshot(since, change.position(), row)
        : TableVersion.row(since, change.position(), row);
  }
}
