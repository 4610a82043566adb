package io.millrace.transforms.event;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.avro.AvroMessages;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.EventReader;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RecordTally;
import io.millrace.transforms.quality.RunCounter;
import java.time.Clock;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parses the events of a block; counts once a block. */
final class ParseEventsFn extends DoFn<RecordBlock, BusinessEvent> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ParseEventsFn.class);

  private final Contract contract;
  private final UnknownColumns unknownColumns;
  private final @Nullable SchemaRegistry schemaRegistry;
  private final java.time.Duration futureTolerance;
  private final Clock clock;
  private final RunCounter events = RunCounter.named("events");
  private final RunCounter control = RunCounter.named("control_records");
  private final RunCounter rejected = RunCounter.named("records_rejected");
  private final RunCounter unknown = RunCounter.named("unknown_columns");
  private transient EventReader reader;
  private transient @Nullable AvroMessages avro;

  ParseEventsFn(ParseEvents parse) {
    this.contract = parse.contract();
    this.unknownColumns = parse.unknownColumns();
    this.schemaRegistry = parse.schemaRegistry();
    this.futureTolerance = java.time.Duration.ofMillis(parse.futureTolerance().getMillis());
    this.clock = parse.clock();
  }

  @Setup
  public void setup() {
    reader = new EventReader(contract, unknownColumns, futureTolerance, clock);
    avro = schemaRegistry == null ? null : new AvroMessages(schemaRegistry);
  }

  @ProcessElement
  public void process(@Element RecordBlock block, MultiOutputReceiver out) {
    OutputReceiver<BusinessEvent> parsed = out.get(ParsedEvents.EVENTS);
    RecordTally tally = new RecordTally();
    long withoutValue = 0;
    long unknownInBlock = 0;
    RecordBlock.Cursor record = block.records();
    while (record.next()) {
      BusinessEvent event = null;
      try {
        event = read(record);
      } catch (RejectedRecordException e) {
        tally.rejected(e.table());
        out.get(ParsedEvents.DEAD_LETTERS)
            .output(DeadLetter.ofRecord(record, e).setFormat(ChangeFormat.EVENTS).build());
        continue;
      }
      // Outside of try: a runner may run what follows in here, and its failures are not ours.
      if (event == null) {
        tally.control("");
        withoutValue++;
      } else {
        tally.parsed(event.type());
        unknownInBlock += reader.unknownColumns();
        parsed.outputWithTimestamp(
            event, Instant.ofEpochMilli(Math.floorDiv(event.occurredAt(), 1_000)));
      }
    }
    tally.output(out.get(ParsedEvents.COUNTS));
    events.add(tally.parsed());
    rejected.add(tally.rejected());
    control.add(withoutValue);
    unknown.add(unknownInBlock);
  }

  /** Reads a record; one that its reader cannot cope with must not stop the others. */
  private @Nullable BusinessEvent read(RecordBlock.Cursor record) {
    try {
      return reader.read(avro == null ? record : avro.json(record));
    } catch (RejectedRecordException | SchemaRegistryException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("Reading {} failed in a way that is a fault of Millrace", record.origin(), e);
      throw new RejectedRecordException(
          Reason.MALFORMED, "reading it failed with " + e.getClass().getName());
    }
  }

  /**
   * Events may be older than their block: its timestamp is the least of its records' own times,
   * which are not when the events happened unless its reader was told so; and an event whose time
   * the reader could not find did not count there. Nothing in a global window is dropped for that.
   */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
  }
}
