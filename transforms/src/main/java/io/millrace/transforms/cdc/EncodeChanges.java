package io.millrace.transforms.cdc;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.contract.TableContract;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes rows that were computed as records of the neutral format {@code changes}: upserts and
 * deletes of a table's rows, each with its position. {@link ParseChanges} reads them, and so may
 * whoever gets them from a topic.
 *
 * <p>A column takes the field of its {@code physicalName}; other fields are left out. Times are
 * ISO-8601 in UTC, bytes base64, lists and rows JSON.
 *
 * <p>Order, duplicates and lateness: as they come. Records leave in blocks, in the global window.
 * No state.
 */
@AutoValue
public abstract class EncodeChanges extends PTransform<PCollection<Row>, PCollection<RecordBlock>> {
  abstract TableContract table();

  abstract SerializableFunction<Row, Long> position();

  abstract SerializableFunction<Row, Boolean> isDelete();

  abstract @Nullable SerializableFunction<Row, String> recordKey();

  /**
   * Encodes rows of this table as upserts.
   *
   * @param position tells a row's place among all changes of the same key; of two, the higher holds
   */
  public static EncodeChanges of(TableContract table, SerializableFunction<Row, Long> position) {
    return new AutoValue_EncodeChanges(table, position, row -> false, null);
  }

  /** Encodes those rows as deletes of which this is true. */
  public EncodeChanges withDeletes(SerializableFunction<Row, Boolean> isDelete) {
    return new AutoValue_EncodeChanges(table(), position(), isDelete, recordKey());
  }

  /** Gives the records these keys, in UTF-8, for a topic; by default they have none. */
  public EncodeChanges withRecordKeys(SerializableFunction<Row, String> recordKey) {
    return new AutoValue_EncodeChanges(table(), position(), isDelete(), recordKey);
  }

  @Override
  public PCollection<RecordBlock> expand(PCollection<Row> input) {
    return input
        .apply("Encode", ParDo.of(new EncodeChangesFn(this)))
        .setCoder(RecordBlockCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("table", table().name()));
  }
}
