package io.millrace.pipelines.summarize;

import io.millrace.pipelines.event.DerivedTables;
import io.millrace.pipelines.event.Events;
import io.millrace.pipelines.launch.DeadLetterWarning;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.Sources;
import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.pipelines.result.ResultRuns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.Pipeline;

/** {@code summarize} on the command line. */
public final class SummarizeCommand implements PipelineCommand<SummarizeOptions> {
  @Override
  public String name() {
    return "summarize";
  }

  @Override
  public String summary() {
    return "keep tables of totals by window, as events make them";
  }

  @Override
  public String description() {
    return "Reads business events from files, a lake or Kafka, sums them up in windows of event time as"
        + " the contract's tables of kind summary say, and writes the totals to PostgreSQL. Rows"
        + " come when a window ends, earlier where the contract asks for it, and are corrected when"
        + " events come late. From files and lakes it ends when all is written; from Kafka it goes"
        + " on until it is stopped.";
  }

  @Override
  public Class<SummarizeOptions> options() {
    return SummarizeOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "summarize --input='purchases/*.jsonl.gz' --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "summarize --runner=flink --kafkaBootstrapServers=localhost:9092"
            + " --kafkaTopics=shop.purchases --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt",
        "summarize --runner=flink --fromLake=lake --contract=shop.odcs.yaml --buildVersion=1"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt");
  }

  @Override
  public boolean isUnbounded(SummarizeOptions options) {
    return Sources.isUnbounded(options);
  }

  @Override
  public void prepare(SummarizeOptions options, Session session) {
    WarehouseAccess.check(options);
    Contract contract = InputFiles.contract(options);
    Events.check(options, contract, session);
    List<Summary> summaries = Summarize.summaries(contract);
    if (summaries.isEmpty()) {
      throw LaunchException.input(
          "--contract: "
              + options.getContract()
              + " has no summary; mark a table with the custom property kind: summary");
    }
    summaries.forEach(Summary::aggregation);
    ResultRuns.begin(
        this,
        options,
        DerivedTables.of(contract, DerivedContract.Kind.SUMMARY),
        contract.derived(DerivedContract.Kind.SUMMARY),
        session);
  }

  @Override
  public void build(Pipeline pipeline, SummarizeOptions options) {
    Summarize.build(pipeline, options);
  }

  @Override
  public void afterRun(SummarizeOptions options, ToLongFunction<String> counts, Session session) {
    DeadLetterWarning.give(options, counts, session);
  }

  @Override
  public void afterEnd(SummarizeOptions options, Session session) {
    ResultRuns.end(options, session);
  }
}
