package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventWriter;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.avro.AvroRecordReader;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.Control;
import io.millrace.schemas.format.RecordReader;
import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RecordTally;
import io.millrace.transforms.quality.RunCounter;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parses the records of a block; counts once a block. */
final class ParseFn extends DoFn<RecordBlock, ChangeEvent> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ParseFn.class);

  /** What a block's changes may take beyond its records before the array has to grow. */
  private static final int MORE_BYTES = 16 << 10;

  private final ChangeFormat format;
  private final Contract contract;
  private final UnknownColumns unknownColumns;
  private final int positionEpoch;
  private final @Nullable SchemaRegistry schemaRegistry;
  private final boolean inBlocks;
  private final int buckets;
  private final RunCounter changes = RunCounter.named("changes");
  private final RunCounter control = RunCounter.named("control_records");
  private final RunCounter otherTables = RunCounter.named("records_of_other_tables");
  private final RunCounter rejected = RunCounter.named("records_rejected");
  private final RunCounter unknown = RunCounter.named("unknown_columns");
  private transient RecordReader reader;
  private transient @Nullable Packer packer;

  ParseFn(
      ChangeFormat format,
      Contract contract,
      UnknownColumns unknownColumns,
      int positionEpoch,
      @Nullable SchemaRegistry schemaRegistry,
      boolean inBlocks,
      int buckets) {
    this.format = format;
    this.contract = contract;
    this.unknownColumns = unknownColumns;
    this.positionEpoch = positionEpoch;
    this.schemaRegistry = schemaRegistry;
    this.inBlocks = inBlocks;
    this.buckets = buckets;
  }

  @Setup
  public void setup() {
    reader =
        AvroRecordReader.of(format.open(contract, unknownColumns, positionEpoch), schemaRegistry);
    packer = buckets == 0 ? null : new Packer(buckets);
  }

  @ProcessElement
  public void process(
      @Element RecordBlock block, @Timestamp Instant timestamp, MultiOutputReceiver out) {
    Tally tally = new Tally();
    OutputReceiver<ChangeEvent> parsed = out.get(ParsedChanges.CHANGES);
    OutputReceiver<DeadLetter> deadLetters = out.get(ParsedChanges.DEAD_LETTERS);
    ChangeEventWriter packed =
        inBlocks ? new ChangeEventWriter(block.bytes().length + MORE_BYTES) : null;
    int inBlock = 0;
    RecordBlock.Cursor record = block.records();
    while (record.next()) {
      RejectedRecordException rejection = read(record, tally);
      if (rejection != null) {
        tally.tables.rejected(rejection.table());
        deadLetters.output(
            DeadLetter.ofRecord(record, rejection)
                .setFormat(format)
                .setPositionEpoch(positionEpoch)
                .build());
      }
      // Outside of read: a runner may run what follows in here, and its failures are not ours.
      for (ChangeEvent change : tally.found) {
        if (packed != null && !change.operation().isOfSnapshot()) {
          packed.write(change);
          inBlock++;
        }
        if (packer != null) {
          packer.add(change, timestamp.getMillis(), out.get(ParsedChanges.PACKED));
        } else if (packed == null) {
          parsed.output(change);
        }
      }
      tally.found.clear();
    }
    if (packed != null) {
      out.get(ParsedChanges.BLOCKS).output(pack(block, inBlock, packed));
    }
    tally.tables.output(out.get(ParsedChanges.COUNTS));
    changes.add(tally.changes);
    control.add(tally.control);
    otherTables.add(tally.otherTables);
    unknown.add(tally.unknownColumns);
    rejected.add(tally.tables.rejected());
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    if (packer != null) {
      packer.finish(
          (block, timestamp) ->
              context.output(ParsedChanges.PACKED, block, timestamp, GlobalWindow.INSTANCE));
    }
  }

  @SuppressWarnings("deprecation") // see OpenBlocks
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }

  /** Reads a record; one that its reader cannot cope with must not stop the others. */
  private @Nullable RejectedRecordException read(RecordBlock.Cursor record, Tally tally) {
    try {
      reader.read(record, tally);
      tally.countFound();
      return null;
    } catch (RejectedRecordException e) {
      tally.found.clear();
      return e;
    } catch (SchemaRegistryException e) {
      throw e;
    } catch (RuntimeException e) {
      tally.found.clear();
      LOG.warn("Reading {} failed in a way that is a fault of Millrace", record.origin(), e);
      return new RejectedRecordException(
          Reason.MALFORMED, "reading it failed with " + e.getClass().getName());
    }
  }

  private static ChangeBlock pack(RecordBlock block, int count, ChangeEventWriter packed) {
    return ChangeBlock.of(
        block.source(), block.partition(), block.from(), block.to(), count, packed.take());
  }

  /** Takes what a record holds, and counts what a block does. */
  private static final class Tally implements RecordReader.Output {
    private final List<ChangeEvent> found = new ArrayList<>(2);
    private final RecordTally tables = new RecordTally();
    private long changes;
    private long control;
    private long otherTables;
    private long unknownColumns;

    @Override
    public void change(ChangeEvent event) {
      found.add(event);
    }

    @Override
    public void control(Control kind) {
      tables.control("");
      if (kind == Control.OTHER_TABLE) {
        otherTables++;
      } else {
        control++;
      }
    }

    @Override
    public void unknownColumns(int count) {
      unknownColumns += count;
    }

    void countFound() {
      changes += found.size();
      for (ChangeEvent event : found) {
        if (event.operation().isOfTable()) {
          tables.control(event.table());
        } else {
          tables.parsed(event.table());
        }
      }
    }
  }
}
