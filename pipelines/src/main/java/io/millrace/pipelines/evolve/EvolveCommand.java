package io.millrace.pipelines.evolve;

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

/** {@code evolve} on the command line. */
public final class EvolveCommand implements PipelineCommand<EvolveOptions> {
  @Override
  public String name() {
    return "evolve";
  }

  @Override
  public String summary() {
    return "keep tables of entities that follow from events";
  }

  @Override
  public String description() {
    return "Reads business events from files, a lake or Kafka, and keeps in PostgreSQL what they make of"
        + " the entities that the contract's tables of kind entity describe: a row for each key, such"
        + " as a customer with purchases, lifetime value and most recent product. Events are taken in"
        + " the order of their times, each once; late ones are put in their place. From files and lakes it"
        + " ends when all is written; from Kafka it goes on until it is stopped.";
  }

  @Override
  public Class<EvolveOptions> options() {
    return EvolveOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "evolve --input='purchases/*.jsonl.gz' --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "evolve --runner=flink --kafkaBootstrapServers=localhost:9092"
            + " --kafkaTopics=shop.purchases --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt",
        "evolve --runner=flink --fromLake=lake --contract=shop.odcs.yaml --buildVersion=1"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt");
  }

  @Override
  public boolean isUnbounded(EvolveOptions options) {
    return Sources.isUnbounded(options);
  }

  @Override
  public void prepare(EvolveOptions options, Session session) {
    WarehouseAccess.check(options);
    Contract contract = InputFiles.contract(options);
    Events.check(options, contract, session);
    List<Entity> entities = Evolve.entities(contract);
    if (entities.isEmpty()) {
      throw LaunchException.input(
          "--contract: "
              + options.getContract()
              + " has no entity; mark a table with the custom property kind: entity");
    }
    entities.forEach(
        entity -> {
          entity.keys();
          entity.evolve(!isUnbounded(options));
        });
    ResultRuns.begin(
        this,
        options,
        DerivedTables.of(contract, DerivedContract.Kind.ENTITY),
        contract.derived(DerivedContract.Kind.ENTITY),
        session);
  }

  @Override
  public void build(Pipeline pipeline, EvolveOptions options) {
    Evolve.build(pipeline, options);
  }

  @Override
  public void afterRun(EvolveOptions options, ToLongFunction<String> counts, Session session) {
    DeadLetterWarning.give(options, counts, session);
  }

  @Override
  public void afterEnd(EvolveOptions options, Session session) {
    ResultRuns.end(options, session);
  }
}
