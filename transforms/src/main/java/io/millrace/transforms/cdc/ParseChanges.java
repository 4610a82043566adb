package io.millrace.transforms.cdc;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.quality.ChangeCountsCoder;
import io.millrace.transforms.quality.DeadLetterCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Parses records of a change format into {@link ChangeEvent}s, checking every value against the
 * contract.
 *
 * <p>What no target could store (a number out of range, text too long, a NUL character) is found
 * here, before any merge, so that which row wins never depends on what a target refuses later. Such
 * a record goes to {@link ParsedChanges#deadLetters()} with its reason and its bytes; the others of
 * its block go on.
 *
 * <p>Order and duplicates: passed through as they come. Tombstones, transaction markers, heartbeats
 * and tables that the contract does not have are counted and left out. Events keep the timestamp of
 * their block. No state.
 *
 * <pre>{@code
 * ParsedChanges parsed = blocks.apply(ParseChanges.as(ChangeFormat.DEBEZIUM, contract));
 * parsed.changes().apply(MergeChanges.latest());
 * }</pre>
 */
@AutoValue
public abstract class ParseChanges extends PTransform<PCollection<RecordBlock>, ParsedChanges> {
  abstract ChangeFormat format();

  abstract Contract contract();

  abstract UnknownColumns unknownColumns();

  abstract int positionEpoch();

  abstract Builder toBuilder();

  /** Parses records of this format, of the tables in this contract. */
  public static ParseChanges as(ChangeFormat format, Contract contract) {
    return new AutoValue_ParseChanges.Builder()
        .setFormat(format)
        .setContract(contract)
        .setUnknownColumns(UnknownColumns.CAPTURE)
        .setPositionEpoch(0)
        .build();
  }

  /** What happens to columns that the contract does not know; they are captured by default. */
  public ParseChanges withUnknownColumns(UnknownColumns unknownColumns) {
    return toBuilder().setUnknownColumns(unknownColumns).build();
  }

  /**
   * Puts all positions into an epoch, 0 by default. Raise it when a source was rebuilt and counts
   * its positions anew.
   *
   * @throws IllegalArgumentException if {@code epoch} is negative
   */
  public ParseChanges withPositionEpoch(int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("positionEpoch must be 0 or more, got " + epoch);
    }
    return toBuilder().setPositionEpoch(epoch).build();
  }

  @Override
  public ParsedChanges expand(PCollection<RecordBlock> input) {
    PCollectionTuple parsed =
        input.apply(
            "Parse",
            ParDo.of(new ParseFn(format(), contract(), unknownColumns(), positionEpoch()))
                .withOutputTags(
                    ParsedChanges.CHANGES,
                    TupleTagList.of(ParsedChanges.DEAD_LETTERS).and(ParsedChanges.COUNTS)));
    return new ParsedChanges(
        parsed.get(ParsedChanges.CHANGES).setCoder(ChangeEventCoder.of()),
        parsed.get(ParsedChanges.DEAD_LETTERS).setCoder(DeadLetterCoder.of()),
        parsed
            .get(ParsedChanges.COUNTS)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("format", format().name()))
        .add(DisplayData.item("contract", contract().id() + " " + contract().version()))
        .add(DisplayData.item("unknownColumns", unknownColumns().name()))
        .add(DisplayData.item("positionEpoch", positionEpoch()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setFormat(ChangeFormat format);

    abstract Builder setContract(Contract contract);

    abstract Builder setUnknownColumns(UnknownColumns unknownColumns);

    abstract Builder setPositionEpoch(int epoch);

    abstract ParseChanges build();
  }
}
