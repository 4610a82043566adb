package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes changes again of the dead letters in a directory: a record is parsed anew, with a contract
 * that may have been mended, and a change that the warehouse refused comes as it was. Letters that
 * are {@link MarkDeadLetters marked} as done are left out.
 *
 * <p>Input are the lines of {@link DeadLetters#filesIn}; a line that holds no dead letter, because
 * it is damaged or still being written, is counted and left as it is. A record is read in the
 * format and epoch that its letter names, unless others are given; letters of old name neither and
 * are taken for Debezium's, epoch 0. Origin and time of receipt are those of the letter.
 *
 * <p>Order and duplicates: as the letters come. No state. Give the changes to a sink that guards
 * its rows, not to a merge: they are old, and a merge that keeps state has no need of them.
 *
 * <pre>{@code
 * ResendDeadLetters.Result again = lines.apply(ResendDeadLetters.of(directory, contract));
 * WriteWarehouse.Result written = again.changes().apply(WriteWarehouse...withoutProgress());
 * again.attempts().apply(MarkDeadLetters.in(directory).refused(written.deadLetters()));
 * }</pre>
 */
@AutoValue
public abstract class ResendDeadLetters
    extends PTransform<PCollection<RecordBlock>, ResendDeadLetters.Result> {
  static final TupleTag<ChangeEvent> CHANGES = new TupleTag<>("changes") {};
  static final TupleTag<KV<String, RetryMark>> ATTEMPTS = new TupleTag<>("attempts") {};

  abstract String directory();

  abstract Contract contract();

  abstract DeadLetterFilter filter();

  abstract UnknownColumns unknownColumns();

  abstract @Nullable ChangeFormat format();

  abstract @Nullable Integer positionEpoch();

  abstract @Nullable SchemaRegistry schemaRegistry();

  abstract Builder toBuilder();

  /** Sends all letters of a directory again, of the tables in this contract. */
  public static ResendDeadLetters of(String directory, Contract contract) {
    return new AutoValue_ResendDeadLetters.Builder()
        .setDirectory(directory)
        .setContract(contract)
        .setFilter(DeadLetterFilter.ALL)
        .setUnknownColumns(UnknownColumns.CAPTURE)
        .build();
  }

  /** Sends only some of them. */
  public ResendDeadLetters withFilter(DeadLetterFilter filter) {
    return toBuilder().setFilter(filter).build();
  }

  /** What happens to columns that the contract does not know; they are captured by default. */
  public ResendDeadLetters withUnknownColumns(UnknownColumns unknownColumns) {
    return toBuilder().setUnknownColumns(unknownColumns).build();
  }

  /** Reads records in this format, whatever the letters say. */
  public ResendDeadLetters withFormat(ChangeFormat format) {
    return toBuilder().setFormat(format).build();
  }

  /** Puts the positions of records into this epoch, whatever the letters say. */
  public ResendDeadLetters withPositionEpoch(int epoch) {
    return toBuilder().setPositionEpoch(epoch).build();
  }

  /**
   * Reads keys and values that are in Avro with this registry's schemas; by default there are none.
   */
  public ResendDeadLetters withSchemaRegistry(SchemaRegistry registry) {
    return toBuilder().setSchemaRegistry(registry).build();
  }

  @Override
  public Result expand(PCollection<RecordBlock> input) {
    PCollectionTuple sent =
        input.apply(
            "Resend",
            ParDo.of(new ResendFn(this)).withOutputTags(CHANGES, TupleTagList.of(ATTEMPTS)));
    return new Result(
        sent.get(CHANGES).setCoder(ChangeEventCoder.of()),
        sent.get(ATTEMPTS).setCoder(RetryMarkCoder.BY_RECORD));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("directory", directory()))
        .add(DisplayData.item("filter", filter().toString()))
        .add(DisplayData.item("contract", contract().id() + " " + contract().version()))
        .add(DisplayData.item("unknownColumns", unknownColumns().name()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setDirectory(String directory);

    abstract Builder setContract(Contract contract);

    abstract Builder setFilter(DeadLetterFilter filter);

    abstract Builder setUnknownColumns(UnknownColumns unknownColumns);

    abstract Builder setFormat(ChangeFormat format);

    abstract Builder setPositionEpoch(Integer epoch);

    abstract Builder setSchemaRegistry(SchemaRegistry registry);

    abstract ResendDeadLetters build();
  }

  /** What is sent again. */
  public static final class Result implements POutput {
    private final PCollection<ChangeEvent> changes;
    private final PCollection<KV<String, RetryMark>> attempts;

    private Result(PCollection<ChangeEvent> changes, PCollection<KV<String, RetryMark>> attempts) {
      this.changes = changes;
      this.attempts = attempts;
    }

    /** The changes that the letters hold. */
    public PCollection<ChangeEvent> changes() {
      return changes;
    }

    /** Which letters were sent, and which of them failed at once; for {@link MarkDeadLetters}. */
    public PCollection<KV<String, RetryMark>> attempts() {
      return attempts;
    }

    @Override
    public Pipeline getPipeline() {
      return changes.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(CHANGES, changes, ATTEMPTS, attempts);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }
}
