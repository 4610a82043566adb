package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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

  private static Optional<TableContract> find(Map<String, TableContract> tables, String name) {
    TableContract exact = tables.get(name);
    return Optional.ofNullable(
        exact != null ? exact : tables.get(name.substring(name.indexOf('.') + 1)));
  }

  static Contract of(String id, String version, List<TableContract> tables) {
    Map<String, TableContract> byName =
        tables.stream().collect(Collectors.toMap(TableContract::physicalName, Function.identity()));
    Map<String, TableContract> byFoldedName =
        tables.stream()
            .filter(TableContract::isCaseInsensitive)
            .collect(
                Collectors.toMap(table -> AnyCase.fold(table.physicalName()), Function.identity()));
    return new AutoValue_Contract(
        id, version, List.copyOf(tables), Map.copyOf(byName), Map.copyOf(byFoldedName));
  }
}
