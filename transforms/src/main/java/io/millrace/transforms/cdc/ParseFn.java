package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.Control;
import io.millrace.schemas.format.RecordReader;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.transforms.DoFn;

/** Parses the records of a block; counts once a block. */
final class ParseFn extends DoFn<RecordBlock, ChangeEvent> {
  private static final long serialVersionUID = 1L;

  private final ChangeFormat format;
  private final Contract contract;
  private final UnknownColumns unknownColumns;
  private final int positionEpoch;
  private final RunCounter changes = RunCounter.named("changes");
  private final RunCounter control = RunCounter.named("control_records");
  private final RunCounter otherTables = RunCounter.named("records_of_other_tables");
  private final RunCounter rejected = RunCounter.named("records_rejected");
  private final RunCounter unknown = RunCounter.named("unknown_columns");
  private transient RecordReader reader;

  ParseFn(
      ChangeFormat format, Contract contract, UnknownColumns unknownColumns, int positionEpoch) {
    this.format = format;
    this.contract = contract;
    this.unknownColumns = unknownColumns;
    this.positionEpoch = positionEpoch;
  }

  @Setup
  public void setup() {
    reader = format.open(contract, unknownColumns, positionEpoch);
  }

  @ProcessElement
  public void process(@Element RecordBlock block, MultiOutputReceiver out) {
    Tally tally = new Tally(out.get(ParsedChanges.CHANGES));
    OutputReceiver<DeadLetter> deadLetters = out.get(ParsedChanges.DEAD_LETTERS);
    long bad = 0;
    RecordBlock.Cursor record = block.records();
    while (record.next()) {
      try {
        reader.read(record, tally);
      } catch (RejectedRecordException e) {
        bad++;
        deadLetters.output(deadLetter(record, e));
      }
    }
    changes.add(tally.changes);
    control.add(tally.control);
    otherTables.add(tally.otherTables);
    unknown.add(tally.unknownColumns);
    rejected.add(bad);
  }

  private static DeadLetter deadLetter(
      RecordBlock.Cursor record, RejectedRecordException rejected) {
    Origin origin = record.origin();
    return DeadLetter.builder()
        .setStage(DeadLetter.Stage.PARSE)
        .setReason(rejected.reason())
        .setMessage(rejected.getMessage())
        .setTable(rejected.table())
        .setPosition(rejected.position())
        .setOrigin(origin)
        .setRecordKey(record.copyKey())
        .setRecord(record.copyValue())
        .setRejectedAtMillis(System.currentTimeMillis())
        .build();
  }

  /** Hands changes on and counts what a block held. */
  private static final class Tally implements RecordReader.Output {
    private final DoFn.OutputReceiver<ChangeEvent> out;
    private long changes;
    private long control;
    private long otherTables;
    private long unknownColumns;

    private Tally(DoFn.OutputReceiver<ChangeEvent> out) {
      this.out = out;
    }

    @Override
    public void change(ChangeEvent event) {
      changes++;
      out.output(event);
    }

    @Override
    public void control(Control kind) {
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
  }
}
