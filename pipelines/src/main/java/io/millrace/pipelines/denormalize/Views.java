package io.millrace.pipelines.denormalize;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.view.JoinTables;
import io.millrace.transforms.view.ViewException;

/** The views of a contract. */
final class Views {

  /** The contract of the views alone, which are the tables that are written. */
  static Contract of(Contract contract) {
    return contract.withTables(contract.derived(DerivedContract.Kind.VIEW));
  }

  /**
   * The join that keeps them.
   *
   * @throws LaunchException if there are none, or one cannot be kept
   */
  static JoinTables join(Contract contract, DenormalizeOptions options) {
    if (of(contract).tables().isEmpty()) {
      throw LaunchException.input(
          "--contract: "
              + options.getContract()
              + " has no view; mark a table with the custom property kind: view, and give it a query");
    }
    Contract sources =
        contract.withTables(
            contract.ofSource().tables().stream()
                .filter(table -> table.event().isEmpty())
                .toList());
    JoinTables join = JoinTables.of(sources).withBuckets(options.getBuckets());
    for (TableContract view : of(contract).tables()) {
      try {
        join = join.withView(view, view.derived().orElseThrow().query());
      } catch (ViewException e) {
        throw LaunchException.input("view " + view.name() + ": " + e.getMessage(), e);
      }
    }
    try {
      return join.withHotKeyFanout(options.getHotKeyFanout());
    } catch (ViewException | IllegalArgumentException e) {
      throw LaunchException.input("--hotKeyFanout: " + e.getMessage(), e);
    }
  }

  private Views() {}
}
