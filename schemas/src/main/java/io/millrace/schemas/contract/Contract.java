package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a source's tables: their names, keys, columns, exact types and policies, as an
 * <a href="https://bitol-io.github.io/open-data-contract-standard/v3.0.2/">Open Data Contract
 * Standard</a> (ODCS v3) document, so that other tools read the same file.
 */
@AutoValue
public abstract class Contract implements Serializable {
  private static final long serialVersionUID = 1L;

  public abstract String id();

  public abstract String version();

  public abstract List<TableContract> tables();

  abstract Map<String, TableContract> byPhysicalName();

  /** Those whose names may come in any case, by their names in lower case. */
  abstract Map<String, TableContract> byFoldedName();

  public abstract List<Route> routes();

  /**
   * Reads a contract from YAML text (of which JSON is a part).
   *
   * @param name what to call the document in an error
   * @throws ContractException if it is not a contract; the message lists everything that is wrong
   */
  public static Contract parse(String yaml, String name) {
    return new ContractReader(name).read(yaml);
  }

  /**
   * The table whose events are named {@code schema.table}, if the contract has it: by this name, or
   * by the bare name of a table that the contract leaves unqualified; else by either in any case,
   * of a table that allows it.
   */
  public final Optional<TableContract> table(String name) {
    Optional<TableContract> exact = find(byPhysicalName(), name);
    return exact.isPresent() || byFoldedName().isEmpty()
        ? exact
        : find(byFoldedName(), AnyCase.fold(name));
  }

  /**
   * The tables that take the rows of the source's table {@code schema.table}: those that routes
   * send them to, if one is for it; else the one of its name, if there is one.
   */
  public final List<TableContract> targets(String source) {
    List<String> routed =
        routes().stream().flatMap(route -> route.targetOf(source).stream()).distinct().toList();
    return routed.isEmpty()
        ? table(source).stream().toList()
        : tables().stream()
            .filter(table -> table.parent().isEmpty() && routed.contains(table.name()))
            .toList();
  }

  /** Those of the {@link #tables()} that are business events. */
  public final List<TableContract> events() {
    return tables().stream().filter(table -> table.event().isPresent()).toList();
  }

  /** The contract without the tables that are computed: what a source sends. */
  public final Contract ofSource() {
    return withTables(tables().stream().filter(table -> table.derived().isEmpty()).toList());
  }

  /** The tables of a kind that are computed. */
  public final List<TableContract> derived(DerivedContract.Kind kind) {
    return tables().stream()
        .filter(table -> table.derived().filter(derived -> derived.kind() == kind).isPresent())
        .toList();
  }

  /** The same contract with these tables in place of its own; its routes are kept. */
  public final Contract withTables(List<TableContract> tables) {
    return tables.equals(tables()) ? this : of(id(), version(), tables, routes());
  }

  /** The tables that take the elements of a table's arrays. */
  public final List<TableContract> children(TableContract parent) {
    return tables().stream()
        .filter(table -> table.parent().map(ParentArray::table).equals(Optional.of(parent.name())))
        .toList();
  }

  /**
   * Whether routes may send the rows of several of the source's tables to this one. Positions of
   * different sources do not compare, so their keys must not meet.
   */
  public final boolean isMerged(TableContract table) {
    List<Route> to =
        routes().stream()
            .filter(route -> route.hasOpenTarget() || route.target().equals(table.name()))
            .toList();
    return to.size() > 1 || to.stream().anyMatch(Route::isPattern);
  }

  /**
   * The same contract, whose tables take the rows that these routes send them.
   *
   * @throws ContractException if a route's target is no table of the contract
   */
  public final Contract withRoutes(List<Route> routes) {
    for (Route route : routes) {
      if (!route.hasOpenTarget() && routable().noneMatch(name -> name.equals(route.target()))) {
        throw new ContractException(
            "route "
                + route
                + ": the contract has no table "
                + route.target()
                + "; it has "
                + routable().collect(Collectors.joining(", ")));
      }
    }
    return of(id(), version(), tables(), List.copyOf(routes));
  }

  private Stream<String> routable() {
    return tables().stream().filter(table -> table.parent().isEmpty()).map(TableContract::name);
  }

  /**
   * The same contract, whose tables (and their views, where the contract names these) have names
   * with this before and that behind in the target.
   *
   * @throws ContractException if a name becomes one that no table may have
   */
  public final Contract withTableAffixes(String prefix, String suffix) {
    List<String> faults = new ArrayList<>();
    List<TableContract> named = new ArrayList<>();
    for (TableContract table : tables()) {
      TableContract affixed = table.withAffixes(prefix, suffix);
      faults.addAll(TargetNames.faults("table " + affixed.name(), affixed.name()));
      named.add(affixed);
    }
    if (!faults.isEmpty()) {
      throw new ContractException(
          "with the prefix '"
              + prefix
              + "' and the suffix '"
              + suffix
              + "' tables have names they may not have:\n  - "
              + String.join("\n  - ", faults));
    }
    return of(
        id(),
        version(),
        named,
        routes().stream().map(route -> route.withAffixes(prefix, suffix)).toList());
  }

  private static Optional<TableContract> find(Map<String, TableContract> tables, String name) {
    TableContract exact = tables.get(name);
    return Optional.ofNullable(
        exact != null ? exact : tables.get(name.substring(name.indexOf('.') + 1)));
  }

  static Contract of(String id, String version, List<TableContract> tables) {
    return of(id, version, tables, List.of());
  }

  private static Contract of(
      String id, String version, List<TableContract> tables, List<Route> routes) {
    List<TableContract> ofSource = tables.stream().filter(t -> t.parent().isEmpty()).toList();
    Map<String, TableContract> byName =
        ofSource.stream()
            .collect(Collectors.toMap(TableContract::physicalName, Function.identity()));
    Map<String, TableContract> byFoldedName =
        ofSource.stream()
            .filter(TableContract::isCaseInsensitive)
            .collect(
                Collectors.toMap(table -> AnyCase.fold(table.physicalName()), Function.identity()));
    return new AutoValue_Contract(
        id, version, List.copyOf(tables), Map.copyOf(byName), Map.copyOf(byFoldedName), routes);
  }
}
