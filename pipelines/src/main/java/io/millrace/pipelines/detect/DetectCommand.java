package io.millrace.pipelines.detect;

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

/** {@code detect} on the command line. */
public final class DetectCommand implements PipelineCommand<DetectOptions> {
  @Override
  public String name() {
    return "detect";
  }

  @Override
  public String summary() {
    return "find in events what rules ask for, and keep the alerts";
  }

  @Override
  public String description() {
    return "Reads business events from files, a lake or Kafka, looks in each key's events for what the"
        + " rules ask for (sequences, too many in a time, values far from the usual), and writes"
        + " alerts to the contract's tables of kind alerts in PostgreSQL and, with --resultsTopic,"
        + " to Kafka. An alert has the same id in every run. From files and lakes it ends when all is"
        + " written; from Kafka it goes on until it is stopped.";
  }

  @Override
  public Class<DetectOptions> options() {
    return DetectOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "detect --input='payments/*.jsonl.gz' --contract=shop.odcs.yaml --rules=rules.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "detect --runner=flink --kafkaBootstrapServers=localhost:9092"
            + " --kafkaTopics=shop.payments --contract=shop.odcs.yaml --rules=rules.yaml"
            + " --resultsTopic=shop.alerts"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt",
        "detect --runner=flink --fromLake=lake --contract=shop.odcs.yaml --rules=rules.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt");
  }

  @Override
  public boolean isUnbounded(DetectOptions options) {
    return Sources.isUnbounded(options);
  }

  @Override
  public void prepare(DetectOptions options, Session session) {
    WarehouseAccess.check(options);
    Contract contract = InputFiles.contract(options);
    Events.check(options, contract, session);
    checkTables(options, contract);
    ResultRuns.begin(
        this,
        options,
        DerivedTables.of(contract, DerivedContract.Kind.ALERTS),
        contract.derived(DerivedContract.Kind.ALERTS),
        session);
  }

  /** Every alert must have a table to go to, and every table rules. */
  private static void checkTables(DetectOptions options, Contract contract) {
    List<String> from =
        DetectAlerts.tables(contract).stream().map(AlertTable::from).distinct().toList();
    List<EventRule> rules = DetectAlerts.rules(options, contract);
    for (EventRule rule : rules) {
      if (!from.contains(rule.event().name())) {
        throw LaunchException.input(
            "--rules: rule "
                + rule.name()
                + " is about the event "
                + rule.event().name()
                + ", of which the contract has no table of alerts; mark one with the custom"
                + " properties kind: alerts and from: "
                + rule.event().name());
      }
    }
    for (String event : from) {
      if (rules.stream().noneMatch(rule -> rule.event().name().equals(event))) {
        throw LaunchException.input(
            "--rules: "
                + options.getRules()
                + " has no rule about the event "
                + event
                + ", of which the contract has a table of alerts");
      }
    }
  }

  @Override
  public void build(Pipeline pipeline, DetectOptions options) {
    DetectAlerts.build(pipeline, options);
  }

  @Override
  public void afterRun(DetectOptions options, ToLongFunction<String> counts, Session session) {
    DeadLetterWarning.give(options, counts, session);
  }

  @Override
  public void afterEnd(DetectOptions options, Session session) {
    ResultRuns.end(options, session);
  }
}
