package io.millrace.pipelines.compact;

import io.millrace.pipelines.launch.CompactedLogs;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.Sources;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.compaction.CompactLog;
import io.millrace.transforms.landing.Landing;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.Pipeline;

/** {@code compact} on the command line. */
public final class CompactCommand implements PipelineCommand<CompactOptions> {
  @Override
  public String name() {
    return "compact";
  }

  @Override
  public String summary() {
    return "compact a landed log to the records that make its rows what they are";
  }

  @Override
  public String description() {
    return "Reads a landing, finds the newest change of each row and those that supplied what it left"
        + " as it was, and writes them, with all records that are no changes of rows, to another"
        + " landing. Read before the whole one (--fromLanding=COMPACTED,WHOLE), it gives the same rows"
        + " in a fraction of the time. A table whose custom property logCompaction is all keeps all of"
        + " its records, as one with a history needs.";
  }

  @Override
  public Class<CompactOptions> options() {
    return CompactOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "compact --runner=flink --fromLanding=landing --compacted=compacted-1 --contract=shop.odcs.yaml",
        "compact --runner=flink --fromLanding=compacted-1,landing --compacted=compacted-2"
            + " --contract=shop.odcs.yaml");
  }

  @Override
  public boolean isUnbounded(CompactOptions options) {
    return false;
  }

  @Override
  public void prepare(CompactOptions options, Session session) {
    if (options.getFormat() == ChangeFormat.EVENTS) {
      throw LaunchException.input(
          "--format=events: business events are no changes of rows, and none is needless; give the"
              + " format of changes, or leave compact out");
    }
    Contract contract = contract(options);
    if (contract.tables().stream().allMatch(TableContract::keepsWholeLog)) {
      throw LaunchException.input(
          "--contract: "
              + options.getContract()
              + " has no table whose log may be compacted: for all of them logCompaction is all");
    }
    SchemaRegistryAccess.check(options, options.getFormat());
    CompactedLogs.checkRows(landings(options), contract, false);
    session.note(
        String.format(
            Locale.ROOT, "%,d records in %s", log(options).check(), options.getFromLanding()));
  }

  @Override
  public void build(Pipeline pipeline, CompactOptions options) {
    pipeline.apply("Compact", log(options));
  }

  private static Contract contract(CompactOptions options) {
    Contract contract = InputFiles.contract(options).ofSource();
    return contract.withTables(
        contract.tables().stream().filter(table -> table.event().isEmpty()).toList());
  }

  private static CompactLog log(CompactOptions options) {
    CompactLog log =
        CompactLog.of(landings(options), options.getFormat(), contract(options))
            .withUnknownColumns(options.getUnknownColumns())
            .withPositionEpoch(options.getPositionEpoch())
            .withBuckets(options.getBuckets())
            .to(options.getCompacted());
    SchemaRegistry registry = SchemaRegistryAccess.of(options);
    return registry == null ? log : log.withSchemaRegistry(registry);
  }

  private static List<String> landings(CompactOptions options) {
    List<String> landings = Sources.names(options.getFromLanding());
    if (landings.isEmpty()) {
      throw LaunchException.input("--fromLanding= names no directory; give that of a landing");
    }
    return landings;
  }

  @Override
  public void afterRun(CompactOptions options, ToLongFunction<String> counts, Session session) {
    session.note(
        String.format(
            Locale.ROOT,
            "%,d of %,d records were kept",
            counts.applyAsLong("records_kept"),
            counts.applyAsLong("records_read")));
  }

  @Override
  public void afterEnd(CompactOptions options, Session session) {
    List<String> topics = Landing.at(options.getCompacted()).topics();
    if (topics.isEmpty()) {
      session.warn(
          "no record is a change of a table of "
              + options.getContract()
              + " in the format "
              + options.getFormat()
              + "; look at --format and at the tables' physicalName");
    } else {
      session.note("topics: " + String.join(", ", topics));
    }
  }
}
