package io.millrace.transforms.enrich;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ChangeRows;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.DeadLetterCoder;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Makes of the changes of a table the versions of its rows, for {@link EnrichWith#versionedTable}.
 *
 * <p>A version holds from the change's commit, to the millisecond. A snapshot's rows are told as
 * such. Changes of other tables are passed over, as are truncates and the ends of snapshots, which
 * are of no row (counted as {@code table_changes_ignored}): a truncated row keeps its last version.
 *
 * <p>Order, duplicates and timestamps: as they come. A change that does not tell when it was
 * committed, or that leaves a wanted column out as unchanged, becomes a dead letter. No state.
 *
 * <pre>{@code
 * ReadVersions.Result<Long> customers =
 *     parsed.changes().apply(
 *         ReadVersions.of(table, key -> key.getInt64("id"), VarLongCoder.of())
 *             .withColumns("name", "segment"));
 * orders.apply(EnrichWith.<Long, Order, Row>versionedTable(customers.versions()).left());
 * }</pre>
 */
@AutoValue
public abstract class ReadVersions<K>
    extends PTransform<PCollection<ChangeEvent>, ReadVersions.Result<K>> {
  abstract TableContract table();

  abstract SerializableFunction<Row, K> key();

  abstract Coder<K> keyCoder();

  abstract List<String> columns();

  /**
   * Reads the versions of a table's rows, whole.
   *
   * @param key makes of a row of the key's columns the key that facts have
   */
  public static <K> ReadVersions<K> of(
      TableContract table, SerializableFunction<Row, K> key, Coder<K> keyCoder) {
    return new AutoValue_ReadVersions<>(table, key, keyCoder, List.of());
  }

  /**
   * Reads some columns only.
   *
   * @param columns their names in the contract ({@code name})
   * @throws IllegalArgumentException when applied, if the table has no such column
   */
  public ReadVersions<K> withColumns(String... columns) {
    return new AutoValue_ReadVersions<>(table(), key(), keyCoder(), List.of(columns));
  }

  @Override
  public Result<K> expand(PCollection<ChangeEvent> changes) {
    ChangeRows rows = ChangeRows.of(table(), columns().toArray(String[]::new));
    TupleTag<KV<K, TableVersion<Row>>> versions = new TupleTag<>("versions");
    TupleTag<DeadLetter> deadLetters = new TupleTag<>("deadLetters");
    PCollectionTuple read =
        changes.apply(
            "Read",
            ParDo.of(new ReadVersionsFn<>(table(), rows, key(), versions, deadLetters))
                .withOutputTags(versions, TupleTagList.of(deadLetters)));
    read.get(versions)
        .setCoder(KvCoder.of(keyCoder(), TableVersionCoder.of(RowCoder.of(rows.schema()))));
    read.get(deadLetters).setCoder(DeadLetterCoder.of());
    return new Result<>(versions, deadLetters, read);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("table", table().physicalName()))
        .add(DisplayData.item("columns", columns().isEmpty() ? "all" : columns().toString()));
  }

  /** The versions, and changes that tell of none. */
  public static final class Result<K> implements POutput {
    private final TupleTag<KV<K, TableVersion<Row>>> versionsTag;
    private final TupleTag<DeadLetter> deadLettersTag;
    private final PCollectionTuple outputs;

    private Result(
        TupleTag<KV<K, TableVersion<Row>>> versionsTag,
        TupleTag<DeadLetter> deadLettersTag,
        PCollectionTuple outputs) {
      this.versionsTag = versionsTag;
      this.deadLettersTag = deadLettersTag;
      this.outputs = outputs;
    }

    public PCollection<KV<K, TableVersion<Row>>> versions() {
      return outputs.get(versionsTag);
    }

    public PCollection<DeadLetter> deadLetters() {
      return outputs.get(deadLettersTag);
    }

    @Override
    public Pipeline getPipeline() {
      return outputs.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return outputs.expand();
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }
}
