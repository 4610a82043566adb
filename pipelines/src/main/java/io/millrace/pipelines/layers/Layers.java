package io.millrace.pipelines.layers;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.Layer;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.view.JoinTables;
import io.millrace.transforms.view.ViewException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The tables of a contract by layer, those of one in the contract's order. */
final class Layers {
  private final Contract contract;
  private final String file;

  /**
   * @param file that the contract is in
   */
  Layers(Contract contract, String file) {
    this.contract = contract;
    this.file = file;
  }

  /**
   * All tables.
   *
   * @throws LaunchException if a view's query cannot be read
   */
  List<LayeredTable> tables() {
    return contract.tables().stream()
        .sorted(Comparator.comparing(TableContract::layer))
        .map(
            table ->
                new LayeredTable(
                    table.name(),
                    kind(table),
                    table.layer().property(),
                    reads(table),
                    command(table)))
        .toList();
  }

  private static String kind(TableContract table) {
    return table.event().isPresent()
        ? "event"
        : table.derived().map(derived -> derived.kind().property()).orElse("table");
  }

  private List<String> reads(TableContract table) {
    List<String> reads = new ArrayList<>(table.reads());
    DerivedContract derived = table.derived().orElse(null);
    if (derived != null && derived.kind() == DerivedContract.Kind.VIEW) {
      Contract sources =
          contract.withTables(
              contract.ofSource().tables().stream().filter(t -> t.event().isEmpty()).toList());
      try {
        JoinTables.of(sources).withView(table, derived.query()).tables().tables().stream()
            .map(TableContract::name)
            .forEach(reads::add);
      } catch (ViewException e) {
        throw LaunchException.input("view " + table.name() + ": " + e.getMessage(), e);
      }
    }
    return reads.stream().distinct().toList();
  }

  private String command(TableContract table) {
    String from = " --contract=" + file + " --targetVersion=N";
    String landing = " --fromLanding=DIR" + topics();
    if (table.event().isPresent()) {
      return "./millrace replicate --format=events" + landing + " --lake=DIR --contract=" + file;
    }
    DerivedContract derived = table.derived().orElse(null);
    if (derived == null) {
      return table.layer() == Layer.BRONZE
          ? "./millrace replicate" + landing + " --lake=DIR --contract=" + file
          : "./millrace replicate" + landing + from;
    }
    return switch (derived.kind()) {
      case ENTITY -> "./millrace evolve --fromLake=DIR" + from;
      case SUMMARY -> "./millrace summarize --fromLake=DIR" + from;
      case ALERTS -> "./millrace detect --fromLake=DIR --rules=FILE" + from;
      case VIEW -> "./millrace denormalize" + landing + from;
    };
  }

  /** Where there are changes and events, no command reads the topics of both. */
  private String topics() {
    boolean changes =
        contract.ofSource().tables().stream().anyMatch(table -> table.event().isEmpty());
    return changes && !contract.events().isEmpty() ? " --kafkaTopics=TOPICS" : "";
  }
}
