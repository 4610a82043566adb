package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import com.google.auto.value.extension.memoized.Memoized;
import io.millrace.schemas.UnknownColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One table (an ODCS schema object): its columns, in order, and its key. */
@AutoValue
public abstract class TableContract implements Serializable {
  private static final long serialVersionUID = 1L;
  static final String TRACK_COLUMNS = "trackColumns";

  /** The custom properties that name tables, and what belongs to them, in the warehouse. */
  private static final Set<String> NAMES_IN_TARGET =
      Set.of("liveView", "changesTable", "historyView", "asOfFunction", ParentArray.TABLE);

  /** The custom property that says what happens to columns that the table does not have. */
  static final String UNKNOWN_COLUMNS = "unknownColumns";

  /** The custom property that says what happens to rows that lack a required column. */
  public static final String REQUIRED_COLUMNS = "requiredColumns";

  /** The custom property that says whether names may come in any case. */
  static final String CASE_INSENSITIVE = "caseInsensitive";

  /** The custom property that says whether nulls in updates count. */
  static final String IGNORE_NULL_UPDATES = "ignoreNullUpdates";

  /** The custom property that says what it means that a record lacks a column. */
  static final String ABSENT_COLUMNS = "absent.columns";

  /** The custom property that says which records of the table a compacted log keeps. */
  static final String LOG_COMPACTION = "logCompaction";

  /** The target table. */
  public abstract String name();

  /** The table as change events name it: {@code schema.table}. */
  public abstract String physicalName();

  public abstract List<ColumnContract> columns();

  /**
   * The table's {@code customProperties}, over those of the whole contract. Millrace reads those of
   * Debezium's settings that cannot be told from an event without a schema: {@code
   * decimal.handling.mode}, {@code time.precision.mode} and {@code binary.handling.mode}.
   */
  public abstract Map<String, String> customProperties();

  /**
   * Whether the names of this table and its columns may come in any case: the custom property
   * {@code caseInsensitive}.
   */
  @Memoized
  public boolean isCaseInsensitive() {
    return Boolean.parseBoolean(customProperties().get(CASE_INSENSITIVE));
  }

  /** The indexes, in {@link #columns()}, of the key's columns, in the key's order. */
  @Memoized
  public List<Integer> keyColumns() {
    return java.util.stream.IntStream.range(0, columns().size())
        .boxed()
        .filter(i -> columns().get(i).isKey())
        .sorted(Comparator.comparing(i -> columns().get(i).keyPosition()))
        .toList();
  }

  /** The column of this name at the source, in any case where the table allows it. */
  public final Optional<ColumnContract> column(String physicalName) {
    Optional<ColumnContract> exact = column(name -> name.equals(physicalName));
    return exact.isPresent() || !isCaseInsensitive()
        ? exact
        : column(name -> AnyCase.fold(name).equals(AnyCase.fold(physicalName)));
  }

  private Optional<ColumnContract> column(Predicate<String> isWanted) {
    return columns().stream().filter(column -> isWanted.test(column.physicalName())).findFirst();
  }

  /** Whether the source may write the name of a column so. */
  public final boolean isNamed(String physicalName, String written) {
    return physicalName.equals(written)
        || (isCaseInsensitive() && AnyCase.fold(physicalName).equals(AnyCase.fold(written)));
  }

  /** Whether the key tells of which table of the source a row is. */
  public final boolean hasSourceInKey() {
    return columns().stream()
        .anyMatch(
            column ->
                column.isKey()
                    && (column.metadata() == Metadata.SOURCE_TABLE
                        || column.metadata() == Metadata.SOURCE_SCHEMA));
  }

  /** Where the rows come from, if not from a table of the source. */
  @Memoized
  public Optional<ParentArray> parent() {
    return ParentArray.of(customProperties());
  }

  /** What is said of the business events that these are, if they are some and no rows. */
  @Memoized
  public Optional<EventContract> event() {
    return EventContract.isEvent(customProperties())
        ? Optional.of(EventContract.of(this))
        : Optional.empty();
  }

  /** What is said of how the table is computed, if it is; empty for one of the source. */
  @Memoized
  public Optional<DerivedContract> derived() {
    return DerivedContract.of(this);
  }

  /**
   * The layer that the table is in: the custom property {@code layer}, or what its kind tells.
   * Events are bronze, tables of the source and entities silver, the others gold.
   */
  @Memoized
  public Layer layer() {
    return Layer.of(this);
  }

  /**
   * The tables that this one is made of, by name: those that the custom property {@code reads}
   * lists, and the event or the parent that it comes from. None of what is made of the log itself;
   * of a view those that its query names are not among them.
   */
  @Memoized
  public List<String> reads() {
    List<String> reads = new ArrayList<>(listedReads());
    derived().map(DerivedContract::from).filter(from -> !from.isEmpty()).ifPresent(reads::add);
    parent().map(ParentArray::table).ifPresent(reads::add);
    return reads.stream().distinct().toList();
  }

  final List<String> listedReads() {
    return listed(customProperties().getOrDefault(Layer.READS, ""));
  }

  private static List<String> listed(String names) {
    return Arrays.stream(names.split(",", -1)).map(String::trim).filter(n -> !n.isEmpty()).toList();
  }

  /** What identifies the rows of a table that has no key; empty for one that has. */
  @Memoized
  public Optional<WithoutKey> withoutKey() {
    return columns().stream().anyMatch(column -> column.metadata() == Metadata.ROW)
        ? WithoutKey.of(customProperties().get(WithoutKey.PROPERTY))
        : Optional.empty();
  }

  /** The same table with these of its columns only, in this order. */
  public final TableContract withColumns(List<ColumnContract> columns) {
    return of(name(), physicalName(), columns, customProperties());
  }

  /**
   * The columns of which a change opens a version in the table's history: those that the custom
   * property {@value #TRACK_COLUMNS} lists (names of columns, separated by commas), or all outside
   * the key. One of the key may be listed, too; it never changes.
   */
  @Memoized
  public List<String> trackedColumns() {
    List<String> all =
        columns().stream().filter(column -> !column.isKey()).map(ColumnContract::name).toList();
    String tracked = customProperties().get(TRACK_COLUMNS);
    return tracked == null ? all : listed(tracked);
  }

  /**
   * Whether a null in an update leaves the column as it was: the custom property {@value
   * #IGNORE_NULL_UPDATES}. What inserts a row, or reads it for a snapshot, supplies its nulls.
   */
  @Memoized
  public boolean ignoresNullUpdates() {
    return Boolean.parseBoolean(customProperties().get(IGNORE_NULL_UPDATES));
  }

  /** Those of the custom properties that decide which columns a change leaves as they were. */
  public final Map<String, String> modesOfOpenColumns() {
    Map<String, String> modes = new HashMap<>(customProperties());
    modes.keySet().retainAll(Set.of(ABSENT_COLUMNS, IGNORE_NULL_UPDATES));
    return modes;
  }

  /**
   * Whether a compacted log keeps all records of the table: the custom property {@value
   * #LOG_COMPACTION}, {@code all} or, which is the default, {@code latest}.
   */
  @Memoized
  public boolean keepsWholeLog() {
    return "all".equals(customProperties().get(LOG_COMPACTION));
  }

  /** Whether the contract itself says that a compacted log does without the table's history. */
  public final boolean dropsHistory() {
    return "latest".equals(customProperties().get(LOG_COMPACTION));
  }

  /**
   * What happens to columns that the table does not have: the custom property {@value
   * #UNKNOWN_COLUMNS}.
   *
   * @param otherwise what holds for tables without the property
   */
  public final UnknownColumns unknownColumns(UnknownColumns otherwise) {
    String property = customProperties().get(UNKNOWN_COLUMNS);
    return property == null ? otherwise : UnknownColumns.of(property).orElse(otherwise);
  }

  /**
   * Whether a row that has no value for a {@linkplain ColumnContract#required() required} column is
   * rejected: the custom property {@value #REQUIRED_COLUMNS}, {@code quarantine} or, which is the
   * default, {@code capture}.
   */
  @Memoized
  public boolean quarantinesWithoutRequired() {
    return "quarantine".equals(customProperties().get(REQUIRED_COLUMNS));
  }

  final TableContract withAffixes(String prefix, String suffix) {
    Map<String, String> custom = new HashMap<>(customProperties());
    for (String property : NAMES_IN_TARGET) {
      custom.computeIfPresent(property, (same, other) -> prefix + other + suffix);
    }
    custom.computeIfPresent(
        Layer.READS,
        (same, names) ->
            listed(names).stream()
                .map(name -> prefix + name + suffix)
                .collect(Collectors.joining(",")));
    if (derived().isPresent()) {
      custom.computeIfPresent(DerivedContract.FROM, (same, event) -> prefix + event + suffix);
    }
    return of(prefix + name() + suffix, physicalName(), columns(), custom);
  }

  static TableContract of(
      String name,
      String physicalName,
      List<ColumnContract> columns,
      Map<String, String> customProperties) {
    return new AutoValue_TableContract(
        name, physicalName, List.copyOf(columns), Map.copyOf(customProperties));
  }
}
