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

  /**
   * Reads a contract from YAML text (of which JSON is a part).
   *
   * @param name what to call the document in an error
   * @throws ContractException if it is not a contract; the message lists everything that is wrong
   */
  public static Contract parse(String yaml, String name) {
    return new ContractReader(name).read(yaml);
  }

  /** The table whose events are named {@code schema.table}, if the contract has it. */
  public final Optional<TableContract> table(String physicalName) {
    return Optional.ofNullable(byPhysicalName().get(physicalName));
  }

  static Contract of(String id, String version, List<TableContract> tables) {
    Map<String, TableContract> byName =
        tables.stream().collect(Collectors.toMap(TableContract::physicalName, Function.identity()));
    return new AutoValue_Contract(id, version, List.copyOf(tables), Map.copyOf(byName));
  }
}
