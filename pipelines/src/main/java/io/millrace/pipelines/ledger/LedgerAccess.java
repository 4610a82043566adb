package io.millrace.pipelines.ledger;

import io.millrace.transforms.quality.LedgerFiles;
import io.millrace.transforms.quality.LedgerStore;
import java.nio.file.Path;

/** Where ledgers are kept without a warehouse. */
public final class LedgerAccess {
  /** The directory of a lake that holds the ledgers of the runs that write to it alone. */
  public static String directory(String lake) {
    String path = lake.startsWith("file:") ? lake.replaceFirst("^file:(//)?", "") : lake;
    return Path.of(path, "_ledger").toString();
  }

  /** The ledgers in a lake's directory. */
  public static LedgerStore in(String lake) {
    return LedgerFiles.in(Path.of(directory(lake)));
  }

  private LedgerAccess() {}
}
