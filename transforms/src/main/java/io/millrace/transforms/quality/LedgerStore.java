package io.millrace.transforms.quality;

import java.util.List;
import java.util.Optional;

/** Where the ledgers of runs are kept. */
public interface LedgerStore {
  /** Notes that a run begins, or goes on. */
  void begin(String run);

  /** Notes that a run has ended, with all written. */
  void end(String run);

  /** The names of the newest runs, the newest first. */
  List<String> newest(int limit);

  /** A run's ledger as it stands, if there is such a run. */
  Optional<RunLedger> read(String run);
}
