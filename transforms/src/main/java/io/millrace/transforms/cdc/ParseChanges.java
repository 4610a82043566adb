package io.millrace.transforms.cdc;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeBlockCoder;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.ChangeCountsCoder;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.DeadLetterCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

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
  /** What comes out beside the dead letters. */
  public enum Output {
    /** Changes, each by itself. */
    CHANGES,
    /** Changes in blocks that tell the range of the input they are from. */
    BLOCKS
  }

  abstract ChangeFormat format();

  abstract Contract contract();

  abstract UnknownColumns unknownColumns();

  abstract int positionEpoch();

  abstract @Nullable SchemaRegistry schemaRegistry();

  abstract Output output();

  abstract int buckets();

  abstract Builder toBuilder();

  /** Parses records of this format, of the tables in this contract. */
  public static ParseChanges as(ChangeFormat format, Contract contract) {
    return new AutoValue_ParseChanges.Builder()
        .setFormat(format)
        .setContract(contract)
        .setUnknownColumns(UnknownColumns.CAPTURE)
        .setPositionEpoch(0)
        .setOutput(Output.CHANGES)
        .setBuckets(0)
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

  /**
   * Reads keys and values that are in Avro with this registry's schemas; by default there are none.
   */
  public ParseChanges withSchemaRegistry(SchemaRegistry registry) {
    return toBuilder().setSchemaRegistry(registry).build();
  }

  /** How the changes come out that are not packed; each by itself by default. */
  public ParseChanges withOutput(Output output) {
    return toBuilder().setOutput(output).build();
  }

  /**
   * Packs the changes for a merge as they are parsed, in place of handing over each by itself; a
   * step for each change is saved. Input is in the global window then.
   */
  public ParseChanges packedFor(MergeChanges.Merge merge) {
    return toBuilder().setBuckets(merge.buckets()).build();
  }

  @Override
  public ParsedChanges expand(PCollection<RecordBlock> input) {
    if (buckets() > 0 && !(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "ParseChanges packs for a merge only what is in the global window, got "
              + input.getWindowingStrategy().getWindowFn());
    }
    boolean inBlocks = output() != Output.CHANGES;
    PCollectionTuple parsed =
        input.apply(
            "Parse",
            ParDo.of(
                    new ParseFn(
                        format(),
                        contract(),
                        unknownColumns(),
                        positionEpoch(),
                        schemaRegistry(),
                        inBlocks,
                        buckets()))
                .withOutputTags(
                    ParsedChanges.CHANGES,
                    TupleTagList.of(ParsedChanges.DEAD_LETTERS)
                        .and(ParsedChanges.COUNTS)
                        .and(ParsedChanges.BLOCKS)
                        .and(ParsedChanges.PACKED)));
    PCollection<DeadLetter> deadLetters =
        parsed.get(ParsedChanges.DEAD_LETTERS).setCoder(DeadLetterCoder.of());
    PCollection<KV<String, ChangeCounts>> counts =
        parsed
            .get(ParsedChanges.COUNTS)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of()));
    PCollection<ChangeEvent> changes =
        parsed.get(ParsedChanges.CHANGES).setCoder(ChangeEventCoder.of());
    PCollection<ChangeBlock> blocks =
        parsed.get(ParsedChanges.BLOCKS).setCoder(ChangeBlockCoder.of());
    PCollection<KV<Integer, byte[]>> packed =
        parsed.get(ParsedChanges.PACKED).setCoder(OpenBlocks.CODER);
    boolean isPacked = buckets() > 0;
    return new ParsedChanges(
        isPacked || inBlocks ? null : changes,
        inBlocks ? blocks : null,
        isPacked ? packed : null,
        deadLetters,
        counts);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("format", format().name()))
        .add(DisplayData.item("contract", contract().id() + " " + contract().version()))
        .add(DisplayData.item("unknownColumns", unknownColumns().name()))
        .add(DisplayData.item("positionEpoch", positionEpoch()))
        .addIfNotNull(
            DisplayData.item(
                "schemaRegistry", schemaRegistry() == null ? null : schemaRegistry().toString()))
        .add(DisplayData.item("output", output().name()))
        .add(DisplayData.item("buckets", buckets()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setFormat(ChangeFormat format);

    abstract Builder setContract(Contract contract);

    abstract Builder setUnknownColumns(UnknownColumns unknownColumns);

    abstract Builder setPositionEpoch(int epoch);

    abstract Builder setSchemaRegistry(SchemaRegistry registry);

    abstract Builder setOutput(Output output);

    abstract Builder setBuckets(int buckets);

    abstract ParseChanges build();
  }
}
