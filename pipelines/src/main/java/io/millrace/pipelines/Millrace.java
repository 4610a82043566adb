package io.millrace.pipelines;

import io.millrace.pipelines.archive.ArchiveCommand;
import io.millrace.pipelines.audit.AuditCommand;
import io.millrace.pipelines.audit.DiffCommand;
import io.millrace.pipelines.compact.CompactCommand;
import io.millrace.pipelines.contract.ContractCommand;
import io.millrace.pipelines.cutover.CutoverCommand;
import io.millrace.pipelines.denormalize.DenormalizeCommand;
import io.millrace.pipelines.detect.DetectCommand;
import io.millrace.pipelines.evolve.EvolveCommand;
import io.millrace.pipelines.lake.LakeCommand;
import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.Launcher;
import io.millrace.pipelines.launch.RunnerSetup;
import io.millrace.pipelines.layers.LayersCommand;
import io.millrace.pipelines.ledger.LedgerCommand;
import io.millrace.pipelines.replicate.ReplicateCommand;
import io.millrace.pipelines.retry.RetryCommand;
import io.millrace.pipelines.summarize.SummarizeCommand;
import java.util.Arrays;
import java.util.List;

/** All that Millrace does, by name; the main of every runner's program. */
public final class Millrace {
  /** Every command there is. */
  public static final List<Command<?>> COMMANDS =
      List.of(
          new ReplicateCommand(),
          new ArchiveCommand(),
          new CompactCommand(),
          new DenormalizeCommand(),
          new EvolveCommand(),
          new SummarizeCommand(),
          new DetectCommand(),
          new RetryCommand(),
          new LakeCommand(),
          new LedgerCommand(),
          new CutoverCommand(),
          new ContractCommand(),
          new AuditCommand(),
          new DiffCommand(),
          new LayersCommand());

  /** Carries out a command line on a runner, and ends the JVM with its exit code. */
  public static void main(String[] arguments, RunnerSetup runner) {
    if (Arrays.asList(arguments).contains("--verbose")) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
      System.setProperty("org.slf4j.simpleLogger.log.io.millrace", "info");
    }
    System.exit(new Launcher(COMMANDS, runner, System.out, System.err).run(arguments).code());
  }

  private Millrace() {}
}
