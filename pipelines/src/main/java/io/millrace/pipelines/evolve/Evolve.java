package io.millrace.pipelines.evolve;

import io.millrace.pipelines.event.DerivedTables;
import io.millrace.pipelines.event.Events;
import io.millrace.pipelines.event.LateEvents;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.Sources;
import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.BusinessEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.entity.EvolvedEntities;
import io.millrace.transforms.event.ParsedEvents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/**
 * Evolves entities by their events, as the contract's tables of kind {@code entity} say, and keeps
 * the tables in a warehouse: a row for each key, which is what all of its events make of it. The
 * same for files and for topics that never end.
 */
public final class Evolve {

  /** Builds the pipeline; the warehouse's tables are there when it runs. */
  public static void build(Pipeline pipeline, EvolveOptions options) {
    Contract contract = InputFiles.contract(options);
    ParsedEvents parsed = Events.read(pipeline, options, contract);
    DerivedTables tables =
        new DerivedTables(pipeline, options, contract, DerivedContract.Kind.ENTITY);
    tables.addRead(parsed);
    keep(parsed.events(), !Sources.isUnbounded(options), options, contract, tables);
    tables.write();
  }

  /** Adds the rows of all entities, and what came too late for them. */
  static void keep(
      PCollection<BusinessEvent> events,
      boolean isBounded,
      EvolveOptions options,
      Contract contract,
      DerivedTables tables) {
    byEvent(entities(contract))
        .forEach(
            (event, entities) -> {
              PCollection<BusinessEvent> inTime =
                  LateEvents.route(events, event, farthest(entities), contract, options, tables);
              entities.forEach(
                  entity -> keep(entity, inTime, isBounded, options, contract, tables));
            });
  }

  private static Map<TableContract, List<Entity>> byEvent(List<Entity> entities) {
    Map<TableContract, List<Entity>> byEvent = new LinkedHashMap<>();
    for (Entity entity : entities) {
      byEvent.computeIfAbsent(entity.event(), event -> new ArrayList<>()).add(entity);
    }
    return byEvent;
  }

  /** What any of them still takes; what comes too late to the others is handed over by them. */
  private static Duration farthest(List<Entity> entities) {
    return entities.stream().map(Entity::horizon).max(Duration::compareTo).orElseThrow();
  }

  private static void keep(
      Entity entity,
      PCollection<BusinessEvent> events,
      boolean isBounded,
      EvolveOptions options,
      Contract contract,
      DerivedTables tables) {
    String name = entity.table().name();
    EntityFold fold = entity.fold();
    EvolvedEntities<byte[], BusinessEvent, byte[]> evolved =
        events
            .apply(name + "Key", ParDo.of(new KeyFn(entity.keys())))
            .setCoder(KvCoder.of(ByteArrayCoder.of(), BusinessEventCoder.of()))
            .apply(name + "Evolve", entity.evolve(isBounded).withBuckets(options.getBuckets()));
    tables.add(
        entity.table(),
        evolved
            .entities()
            .apply(name + "Entities", ParDo.of(new EntityRowFn(fold)))
            .setRowSchema(fold.schema()),
        EncodeChanges.of(entity.table(), EntityFold::position));
    LateEvents.add(
        name, evolved.tooLate().apply(name + "TooLate", Values.create()), contract, tables);
  }

  /**
   * The contract's entities.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if it asks for what there is not
   */
  static List<Entity> entities(Contract contract) {
    return contract.derived(DerivedContract.Kind.ENTITY).stream()
        .map(table -> Entity.of(table, contract))
        .toList();
  }

  private Evolve() {}
}
