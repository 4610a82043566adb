package io.millrace.pipelines.detect;

import io.millrace.pipelines.event.DerivedTables;
import io.millrace.pipelines.event.Events;
import io.millrace.pipelines.event.LateEvents;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.event.ParsedEvents;
import io.millrace.transforms.pattern.Alert;
import io.millrace.transforms.pattern.AlertCoder;
import io.millrace.transforms.quality.DeadLetterCoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;

/**
 * Finds in events what rules ask for, and keeps the alerts in the contract's tables of kind {@code
 * alerts}. An alert has the same id in every run, so it is one row however often it is found. The
 * same for files and for topics that never end.
 */
public final class DetectAlerts {
  /** All that is known of an alert is known when it is found: none is newer than another. */
  private static final long POSITION = 1;

  /** Builds the pipeline; the warehouse's tables are there when it runs. */
  public static void build(Pipeline pipeline, DetectOptions options) {
    Contract contract = InputFiles.contract(options);
    ParsedEvents parsed = Events.read(pipeline, options, contract);
    DerivedTables written =
        new DerivedTables(pipeline, options, contract, DerivedContract.Kind.ALERTS);
    written.addRead(parsed);
    keep(parsed.events(), options, contract, written);
    written.write();
  }

  /** Adds the rows of all alerts, and what came too late for them. */
  static void keep(
      PCollection<BusinessEvent> events,
      DetectOptions options,
      Contract contract,
      DerivedTables written) {
    List<AlertTable> tables = tables(contract);
    byEvent(rules(options, contract))
        .forEach(
            (event, rules) -> {
              PCollection<BusinessEvent> inTime =
                  LateEvents.route(events, event, Duration.ZERO, contract, options, written);
              PCollection<Alert<JudgedEvent>> alerts = find(event, rules, inTime, options, written);
              tables.stream()
                  .filter(table -> table.from().equals(event.name()))
                  .forEach(table -> keep(table, alerts, written));
            });
  }

  private static Map<TableContract, List<EventRule>> byEvent(List<EventRule> rules) {
    return rules.stream()
        .collect(Collectors.groupingBy(EventRule::event, LinkedHashMap::new, Collectors.toList()));
  }

  private static PCollection<Alert<JudgedEvent>> find(
      TableContract event,
      List<EventRule> rules,
      PCollection<BusinessEvent> events,
      DetectOptions options,
      DerivedTables written) {
    PCollectionList<Alert<JudgedEvent>> alerts = PCollectionList.empty(events.getPipeline());
    for (EventRule rule : rules) {
      PCollectionTuple judged =
          events.apply(
              rule.name() + "Judge",
              ParDo.of(new JudgeFn(rule.judge()))
                  .withOutputTags(JudgeFn.JUDGED, TupleTagList.of(JudgeFn.DEAD_LETTERS)));
      written.add(judged.get(JudgeFn.DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
      alerts =
          alerts.and(
              judged
                  .get(JudgeFn.JUDGED)
                  .setCoder(JudgedEventCoder.of())
                  .apply(rule.name() + "Detect", rule.detect().withBuckets(options.getBuckets()))
                  .alerts());
    }
    return alerts
        .apply(event.name() + "AllAlerts", Flatten.pCollections())
        .setCoder(AlertCoder.of(JudgedEventCoder.of()));
  }

  private static void keep(
      AlertTable table, PCollection<Alert<JudgedEvent>> alerts, DerivedTables written) {
    String name = table.table().name();
    AlertRows toRows = table.rows();
    PCollection<Row> rows =
        alerts.apply(name + "Alerts", ParDo.of(toRows)).setRowSchema(toRows.schema());
    written.add(table.table(), rows, EncodeChanges.of(table.table(), row -> POSITION));
  }

  /**
   * The rules.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if they are not as they must be
   */
  static List<EventRule> rules(DetectOptions options, Contract contract) {
    Contract asWritten = InputFiles.contract("contract", options.getContract());
    return RuleReader.read(
            InputFiles.text("rules", options.getRules()), options.getRules(), asWritten)
        .stream()
        .map(rule -> rule.about(named(rule.event(), contract)))
        .toList();
  }

  /** The same event, by the name that it has in the target. */
  private static TableContract named(TableContract event, Contract contract) {
    return contract.events().stream()
        .filter(other -> other.physicalName().equals(event.physicalName()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * The contract's tables of alerts.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if they are not as they must be
   */
  static List<AlertTable> tables(Contract contract) {
    return contract.derived(DerivedContract.Kind.ALERTS).stream().map(AlertTable::of).toList();
  }

  private DetectAlerts() {}
}
