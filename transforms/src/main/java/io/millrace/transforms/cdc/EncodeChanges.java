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

  abstract int epoch();

  abstract boolean recordKeys();

  abstract Builder toBuilder();

  /**
   * Encodes rows of this table as upserts.
   *
   * @param position tells a row's place among all changes of the same key; of two, the higher holds
   */
  public static EncodeChanges of(TableContract table, SerializableFunction<Row, Long> position) {
    return new AutoValue_EncodeChanges.Builder()
        .setTable(table)
        .setPosition(position)
        .setIsDelete(row -> false)
        .setEpoch(0)
        .setRecordKeys(false)
        .build();
  }

  /** Encodes those rows as deletes of which this is true. */
  public EncodeChanges withDeletes(SerializableFunction<Row, Boolean> isDelete) {
    return toBuilder().setIsDelete(isDelete).build();
  }

  /**
   * Writes positions in an epoch, 0 by default: those of a higher one come after all of a lower
   * one. Written is the number epoch · 2<sup>64</sup> + position.
   *
   * @throws IllegalArgumentException if {@code epoch} is negative
   */
  public EncodeChanges withEpoch(int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch must be 0 or more, got " + epoch);
    }
    return toBuilder().setEpoch(epoch).build();
  }

  /**
   * Gives the records the rows' keys, for a topic; by default they have none. A key of one column
   * is its value as text, one of several a JSON array of such texts, in the order of the key.
   * Decimals are without trailing zeros, so that a row has one key. A row of which a column of the
   * key is null, which no table takes, is left out.
   */
  public EncodeChanges withRecordKeys() {
    return toBuilder().setRecordKeys(true).build();
  }

  @Override
  public PCollection<RecordBlock> expand(PCollection<Row> input) {
    return input
        .apply("Encode", ParDo.of(new EncodeChangesFn(this)))
        .setCoder(RecordBlockCoder.of());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("table", table().name()))
        .add(DisplayData.item("epoch", epoch()))
        .add(DisplayData.item("recordKeys", recordKeys()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setTable(TableContract table);

    abstract Builder setPosition(SerializableFunction<Row, Long> position);

    abstract Builder setIsDelete(SerializableFunction<Row, Boolean> isDelete);

    abstract Builder setEpoch(int epoch);

    abstract Builder setRecordKeys(boolean recordKeys);

    abstract EncodeChanges build();
  }
}
