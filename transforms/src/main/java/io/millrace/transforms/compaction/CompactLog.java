package io.millrace.transforms.compaction;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.Route;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.RecordReader;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.PackByKey;
import io.millrace.transforms.landing.CompactedLanding;
import io.millrace.transforms.landing.Compaction;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.LandedLog;
import io.millrace.transforms.landing.LandingException;
import io.millrace.transforms.read.LogPart;
import io.millrace.transforms.read.LogPartCoder;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Compacts what was landed of a log: writes another landing, of the same ranges of offsets, with
 * the records that make the rows of its tables what they are. Read before the whole log (see {@link
 * io.millrace.transforms.read.ReadLog#landedIn(List)}), it gives the same rows.
 *
 * <p>Of each row the newest change is kept, and where that leaves columns as they were, the changes
 * that supplied them. All other records are kept as they are, but for tombstones, heartbeats and
 * markers of transactions, which make nothing: truncates, the ends of snapshots, changes of tables
 * that are not in the contract or that keep their whole log, and what cannot be parsed.
 *
 * <p>Order, duplicates: by position, as {@link io.millrace.transforms.cdc.MergeChanges} has it, in
 * whatever order they were landed; of a change that was landed twice one is kept. Partitions
 * without changes of rows are left out: they are read from the whole log. The landing can be read
 * once all of it is written, and is never written again. Bounded. State: for each row of a bucket
 * its positions, one bucket at a time.
 *
 * <pre>{@code
 * pipeline.apply(
 *     CompactLog.of(List.of("/data/landing"), ChangeFormat.DEBEZIUM, contract)
 *         .to("/data/compacted"));
 * }</pre>
 *
 * @see <a href="https://kafka.apache.org/documentation/#compaction">Log compaction in Kafka</a>,
 *     which keeps the newest record of each key and so needs whole rows in each
 */
@AutoValue
public abstract class CompactLog extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  abstract List<String> landings();

  abstract ChangeFormat format();

  abstract Contract contract();

  abstract UnknownColumns unknownColumns();

  abstract int positionEpoch();

  abstract @Nullable SchemaRegistry schemaRegistry();

  abstract int buckets();

  /** How many records are read and written at a time, unless one file has more. */
  abstract long recordsPerPart();

  abstract String directory();

  abstract Builder toBuilder();

  /**
   * Compacts what was landed in some directories, the first of which that has an offset counts.
   *
   * @param format of the changes
   * @param contract the tables whose rows are to stay what they are
   */
  public static CompactLog of(List<String> landings, ChangeFormat format, Contract contract) {
    return new AutoValue_CompactLog.Builder()
        .setLandings(List.copyOf(landings))
        .setFormat(format)
        .setContract(contract)
        .setUnknownColumns(UnknownColumns.CAPTURE)
        .setPositionEpoch(0)
        .setBuckets(Buckets.DEFAULT)
        .setRecordsPerPart(1_000_000)
        .setDirectory("")
        .build();
  }

  /**
   * The directory that the compacted landing is written to.
   *
   * @param directory local or mounted; empty, or with what an attempt left that failed
   */
  public CompactLog to(String directory) {
    return toBuilder().setDirectory(directory).build();
  }

  /**
   * What happens to columns that the contract does not know, in the runs that will read it: a
   * record that they reject makes no other needless.
   */
  public CompactLog withUnknownColumns(UnknownColumns unknownColumns) {
    return toBuilder().setUnknownColumns(unknownColumns).build();
  }

  /** The epoch of all positions, 0 by default; that of the runs that will read it. */
  public CompactLog withPositionEpoch(int epoch) {
    return toBuilder().setPositionEpoch(epoch).build();
  }

  /** Reads keys and values that are in Avro with this registry's schemas. */
  public CompactLog withSchemaRegistry(SchemaRegistry registry) {
    return toBuilder().setSchemaRegistry(registry).build();
  }

  /**
   * The number of buckets of rows, which bounds the parallelism.
   *
   * @throws IllegalArgumentException if it is not from 1 to 32,768
   */
  public CompactLog withBuckets(int buckets) {
    return toBuilder().setBuckets(Buckets.check(buckets)).build();
  }

  CompactLog withRecordsPerPart(long records) {
    return toBuilder().setRecordsPerPart(records).build();
  }

  /**
   * Begins the compacted landing, so that a launcher can say in time what does not fit.
   *
   * @return how many records are to be read
   * @throws LandingException if there is nothing to be compacted, a landing cannot be read, or the
   *     directory has another landing
   */
  public long check() {
    List<LogPart> parts = PlanFn.parts(this);
    if (parts.isEmpty()) {
      throw new LandingException(
          "Nothing was landed in " + String.join(",", landings()) + " that could be compacted");
    }
    CompactedLanding.begin(directory(), compaction());
    long records = 0;
    for (LogPart part : parts) {
      records +=
          LandedLog.of(landings(), part.topic(), part.partition()).spans().stream()
              .filter(span -> span.from() >= part.from() && span.to() <= part.to())
              .mapToLong(LandedLog.Span::records)
              .sum();
    }
    return records;
  }

  /** What the compacted landing is right for. */
  Compaction compaction() {
    return new Compaction(
        compacted().stream()
            .map(CompactLog::table)
            .sorted(Comparator.comparing(Compaction.Table::name))
            .toList(),
        routes(contract()));
  }

  private List<TableContract> compacted() {
    return contract().tables().stream().filter(table -> !table.keepsWholeLog()).toList();
  }

  /** A contract's routes, in their order. */
  public static List<String> routes(Contract contract) {
    return contract.routes().stream().map(Route::toString).toList();
  }

  /** What of a table's contract the choice of records rests on. */
  public static Compaction.Table table(TableContract table) {
    return new Compaction.Table(
        table.physicalName(),
        table.keyColumns().stream()
            .map(index -> table.columns().get(index).physicalName())
            .toList(),
        table.columns().stream()
            .filter(column -> column.metadata() == null)
            .map(CompactLog::named)
            .sorted()
            .toList(),
        new TreeMap<>(table.modesOfOpenColumns()));
  }

  /** A computed column is open where one of those that it reads is. */
  private static String named(ColumnContract column) {
    return column.transformLogic() == null
        ? column.physicalName()
        : column.physicalName() + " = " + column.transformLogic();
  }

  RecordReader open() {
    return format().open(contract(), unknownColumns(), positionEpoch());
  }

  static String partition(LogPart part) {
    return part.topic() + "/" + part.partition();
  }

  @Override
  public PDone expand(PBegin input) {
    PCollection<KV<Integer, LogPart>> parts =
        input
            .apply("Begin", Impulse.create())
            .apply("Plan", ParDo.of(new PlanFn(this)))
            .setCoder(KvCoder.of(VarIntCoder.of(), LogPartCoder.of()))
            .apply("Spread", Reshuffle.viaRandomKey());
    Set<String> whole =
        contract().tables().stream()
            .filter(TableContract::keepsWholeLog)
            .map(TableContract::physicalName)
            .collect(Collectors.toSet());
    PCollectionTuple found =
        parts.apply(
            "Find",
            ParDo.of(new FindFn(this, whole))
                .withOutputTags(
                    FindFn.CHANGES, TupleTagList.of(FindFn.KEPT).and(FindFn.PARTITIONS)));
    PCollectionView<List<String>> partitions =
        found
            .get(FindFn.PARTITIONS)
            .setCoder(StringUtf8Coder.of())
            .apply("Partitions", Distinct.create())
            .apply("PartitionsView", View.asList());
    PCollection<KV<Integer, byte[]>> kept =
        found.get(FindFn.KEPT).setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
    PCollection<KV<Integer, byte[]>> chosen =
        PCollectionList.of(kept)
            .and(choose(found.get(FindFn.CHANGES)))
            .apply("Chosen", Flatten.pCollections());
    KeyedPCollectionTuple.of(CopyFn.PARTS, parts)
        .and(CopyFn.CHOSEN, chosen)
        .apply("ByPart", CoGroupByKey.create())
        .apply("Copy", ParDo.of(new CopyFn(this, partitions)).withSideInputs(partitions))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(LandedFile.class)))
        .apply("ByPartition", GroupByKey.create())
        .apply("Commit", ParDo.of(new CommitFn(this)))
        .setCoder(VarLongCoder.of())
        .apply("AllCommitted", Sum.longsGlobally())
        .apply("Complete", ParDo.of(new CompleteFn(this)));
    return PDone.in(input.getPipeline());
  }

  private PCollection<KV<Integer, byte[]>> choose(PCollection<KV<byte[], byte[]>> changes) {
    return changes
        .setCoder(KvCoder.of(ByteArrayCoder.of(), ByteArrayCoder.of()))
        .apply("Pack", PackByKey.into(buckets()))
        .apply("ByBucket", GroupByKey.create())
        .apply("Choose", ParDo.of(new ChooseFn()))
        .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("landings", String.join(",", landings())))
        .add(DisplayData.item("format", format().name()))
        .add(DisplayData.item("contract", contract().id() + " " + contract().version()))
        .add(DisplayData.item("unknownColumns", unknownColumns().name()))
        .add(DisplayData.item("positionEpoch", positionEpoch()))
        .addIfNotNull(
            DisplayData.item(
                "schemaRegistry", schemaRegistry() == null ? null : schemaRegistry().toString()))
        .add(DisplayData.item("buckets", buckets()))
        .add(DisplayData.item("directory", directory()));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setLandings(List<String> landings);

    abstract Builder setFormat(ChangeFormat format);

    abstract Builder setContract(Contract contract);

    abstract Builder setUnknownColumns(UnknownColumns unknownColumns);

    abstract Builder setPositionEpoch(int epoch);

    abstract Builder setSchemaRegistry(SchemaRegistry registry);

    abstract Builder setBuckets(int buckets);

    abstract Builder setRecordsPerPart(long records);

    abstract Builder setDirectory(String directory);

    abstract CompactLog build();
  }
}
