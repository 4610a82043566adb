package io.millrace.pipelines.replicate;

import io.millrace.pipelines.ledger.LedgerAccess;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.lake.LakeManifest;
import io.millrace.transforms.lake.WriteLake;
import java.util.Map;
import org.joda.time.Duration;

/** The lake, as the options say. */
final class Lakes {
  static boolean isWanted(ReplicateOptions options) {
    return options.getLake() != null;
  }

  static WriteLake of(ReplicateOptions options, Contract contract) {
    return WriteLake.to(options.getLake(), contract)
        .withUnknownColumns(options.getUnknownColumns())
        .withFileBytes((long) options.getLakeFileMegabytes() << 20)
        .withFileRows(options.getLakeFileRows())
        .withMaxAge(Duration.standardSeconds(options.getLakeMaxAgeSeconds()))
        .withShards(options.getLakeShards());
  }

  /** Up to where the lake has what topics hold, if there is a lake. */
  static Map<String, Map<Integer, Long>> offsets(ReplicateOptions options) {
    return isWanted(options) ? LakeManifest.read(options.getLake()).topicOffsets() : Map.of();
  }

  /** Where the ledgers are of runs that have no warehouse. */
  static String ledgerDirectory(ReplicateOptions options) {
    return LedgerAccess.directory(options.getLake());
  }

  /** What the lake needs of the parser. */
  static ParseChanges.Output output(ReplicateOptions options) {
    return isWanted(options) ? ParseChanges.Output.BLOCKS : ParseChanges.Output.CHANGES;
  }

  private Lakes() {}
}
