package io.millrace.pipelines.replicate;

import io.millrace.pipelines.launch.InputFiles;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;

/** The tables that are replicated, of all that a contract tells. */
final class Tables {

  /**
   * Those of the source; or, where events are read, those of the events.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if the contract cannot be read
   */
  static Contract of(ReplicateOptions options) {
    Contract contract = InputFiles.contract(options).ofSource();
    boolean events = options.getFormat() == ChangeFormat.EVENTS;
    return contract.withTables(
        contract.tables().stream().filter(t -> t.event().isPresent() == events).toList());
  }

  private Tables() {}
}
