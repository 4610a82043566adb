package io.millrace.pipelines.event;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.BusinessEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.event.ConvertEvents;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.ChangeCountsCoder;
import io.millrace.transforms.time.LateCounts;
import io.millrace.transforms.time.LateElement;
import io.millrace.transforms.time.RouteLate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;

/**
 * What came too late for the tables that are computed of it: the events are kept in a table of
 * their own, {@code <event>_late}, and all are counted by source and hour in {@code late_counts},
 * and for the ledger.
 */
public final class LateEvents {
  private static final String COUNTS =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: late_counts
      version: 1.0.0
      status: active
      schema:
        - name: late_counts
          physicalName: late_counts
          properties:
            - {name: run, physicalType: text, primaryKey: true, primaryKeyPosition: 1}
            - {name: event, physicalType: text, primaryKey: true, primaryKeyPosition: 2}
            - {name: source, physicalType: text, primaryKey: true, primaryKeyPosition: 3}
            - {name: hour, physicalType: timestamptz, primaryKey: true, primaryKeyPosition: 4}
            - {name: in_time, physicalType: bigint}
            - {name: late, physicalType: bigint}
            - {name: too_late, physicalType: bigint}
      """;

  /** The tables of late events and of their counts, for the events of this contract. */
  static List<TableContract> tables(Contract events) {
    List<TableContract> tables = new ArrayList<>(events.withTableAffixes("", "_late").tables());
    tables.add(counts());
    return tables;
  }

  private static TableContract counts() {
    return Contract.parse(COUNTS, "late_counts").tables().get(0);
  }

  /**
   * The events of a type that are in time; the others go to their table, and all are counted.
   *
   * @param allowedLateness how far behind the watermark they may be
   */
  public static PCollection<BusinessEvent> route(
      PCollection<BusinessEvent> events,
      TableContract event,
      Duration allowedLateness,
      Contract contract,
      EventPipelineOptions options,
      DerivedTables tables) {
    String type = event.physicalName();
    RouteLate.Result<BusinessEvent> routed =
        events
            .apply(event.name() + "Events", Filter.by(each -> each.type().equals(type)))
            .setCoder(BusinessEventCoder.of())
            .apply(
                event.name() + "Late",
                RouteLate.<BusinessEvent>after(allowedLateness)
                    .countedBy(each -> Objects.requireNonNullElse(each.source(), "")));
    add(
        event.name(),
        routed
            .tooLate()
            .apply(event.name() + "TooLate", MapElements.via(new ElementFn()))
            .setCoder(BusinessEventCoder.of()),
        contract,
        tables);
    tables.addCounts(
        routed
            .additions()
            .apply(
                event.name() + "Ledger",
                MapElements.into(
                        TypeDescriptors.kvs(
                            TypeDescriptors.strings(), TypeDescriptor.of(ChangeCounts.class)))
                    .via(counts -> KV.of(type, ledger(counts))))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())));
    LateCountRows rows = new LateCountRows(options.getRun(), event.name());
    tables.add(
        counts(),
        event.name() + "LateCounts",
        routed
            .counts()
            .apply(event.name() + "CountRows", MapElements.via(rows))
            .setRowSchema(LateCountRows.SCHEMA),
        EncodeChanges.of(counts(), LateCountRows::position));
    return routed.onTime();
  }

  private static ChangeCounts ledger(LateCounts counts) {
    return ChangeCounts.builder()
        .setAccepted(counts.inTime() + counts.late())
        .setLate(counts.tooLate())
        .build();
  }

  /**
   * Keeps events in their table of late ones that came too late for one of the tables.
   *
   * @param step what the step's name begins with
   */
  public static void add(
      String step, PCollection<BusinessEvent> tooLate, Contract contract, DerivedTables tables) {
    tables.addChanges(tooLate.apply(step + "LateRows", ConvertEvents.toChanges(contract)));
  }

  private static final class ElementFn
      extends SimpleFunction<LateElement<BusinessEvent>, BusinessEvent> {
    private static final long serialVersionUID = 1L;

    @Override
    public BusinessEvent apply(LateElement<BusinessEvent> late) {
      return late.element();
    }
  }

  private LateEvents() {}
}
