package io.millrace.transforms.quality;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads lines of dead letters, and what they hold. */
final class ResendFn extends DoFn<RecordBlock, ChangeEvent> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ResendFn.class);

  private final String directory;
  private final DeadLetterFilter filter;
  private final Contract contract;
  private final UnknownColumns unknownColumns;
  private final @Nullable ChangeFormat format;
  private final @Nullable Integer positionEpoch;
  private final @Nullable SchemaRegistry schemaRegistry;
  private final RunCounter lettersSent = RunCounter.named("dead_letters_retried");
  private final RunCounter changes = RunCounter.named("changes");
  private final RunCounter damaged = RunCounter.named("dead_letters_damaged");
  private transient Map<String, RetryMark> marks;
  private transient Map<Reading, RecordReader> readers;

  /** How a record is read. */
  private record Reading(ChangeFormat format, int positionEpoch) {}

  ResendFn(ResendDeadLetters resend) {
    this.directory = resend.directory();
    this.filter = resend.filter();
    this.contract = resend.contract();
    this.unknownColumns = resend.unknownColumns();
    this.format = resend.format();
    this.positionEpoch = resend.positionEpoch();
    this.schemaRegistry = resend.schemaRegistry();
  }

  @Setup
  public void setup() throws IOException {
    marks = RetryMarks.in(directory).load();
    readers = new HashMap<>();
  }

  @ProcessElement
  public void process(@Element RecordBlock block, MultiOutputReceiver out) {
    OutputReceiver<ChangeEvent> sent = out.get(ResendDeadLetters.CHANGES);
    OutputReceiver<KV<String, RetryMark>> attempts = out.get(ResendDeadLetters.ATTEMPTS);
    RecordBlock.Cursor line = block.records();
    long letters = 0;
    long broken = 0;
    long found = 0;
    while (line.next()) {
      DeadLetter letter = parse(line);
      if (letter == null) {
        broken++;
        continue;
      }
      String id = LetterId.of(letter);
      RetryMark before = RetryMark.about(letter, marks, id);
      if ((before == null || !before.done()) && filter.accepts(letter, before)) {
        letters++;
        Found result = open(letter);
        RetryMark mark = RetryMark.of(letter, id, before);
        attempts.output(KV.of(LetterId.ofRecord(letter.origin()), result.mark(mark)));
        result.changes.forEach(sent::output);
        found += result.changes.size();
      }
    }
    lettersSent.add(letters);
    damaged.add(broken);
    changes.add(found);
  }

  private static @Nullable DeadLetter parse(RecordBlock.Cursor line) {
    try {
      return DeadLetters.parse(
          new String(line.buffer(), line.valueStart(), line.valueLength(), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What a letter holds. A record that its reader cannot cope with does not stop the others. */
  private Found open(DeadLetter letter) {
    Found found = new Found();
    ChangeEvent change = letter.change();
    if (change != null) {
      found.change(change);
      return found;
    }
    try {
      RecordBlock.Cursor record = record(letter);
      record.next();
      reader(letter).read(record, found);
    } catch (RejectedRecordException e) {
      found.fail(e.reason(), e.getMessage());
    } catch (SchemaRegistryException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("Reading {} failed in a way that is a fault of Millrace", letter.origin(), e);
      found.fail(Reason.MALFORMED, "reading it failed with " + e.getClass().getName());
    }
    return found;
  }

  private static RecordBlock.Cursor record(DeadLetter letter) {
    Origin origin = letter.origin();
    byte[] value = letter.record();
    Long receivedAt = letter.receivedAtMillis();
    RecordBlock.Writer writer = new RecordBlock.Writer(value == null ? 64 : value.length + 64);
    writer.add(
        origin.offset(),
        origin.line(),
        receivedAt == null ? letter.rejectedAtMillis() : receivedAt,
        letter.recordKey(),
        value,
        0,
        value == null ? 0 : value.length);
    return RecordBlock.of(origin.source(), origin.partition(), writer.take()).records();
  }

  private RecordReader reader(DeadLetter letter) {
    ChangeFormat itsFormat = first(format, letter.format(), ChangeFormat.DEBEZIUM);
    int itsEpoch = first(positionEpoch, letter.positionEpoch(), 0);
    return readers.computeIfAbsent(
        new Reading(itsFormat, itsEpoch),
        reading ->
            AvroRecordReader.of(
                reading.format().open(contract, unknownColumns, reading.positionEpoch()),
                schemaRegistry));
  }

  private static <T> T first(@Nullable T given, @Nullable T known, T otherwise) {
    return given != null ? given : known != null ? known : otherwise;
  }

  /** Takes what a letter holds. */
  private static final class Found implements RecordReader.Output {
    private final List<ChangeEvent> changes = new ArrayList<>(2);
    private @Nullable Reason failure;
    private @Nullable String message;

    @Override
    public void change(ChangeEvent event) {
      changes.add(event);
    }

    @Override
    public void control(Control kind) {
      if (kind == Control.OTHER_TABLE) {
        fail(Reason.NO_TABLE, "its table is not in the contract");
      }
    }

    void fail(Reason reason, @Nullable String why) {
      changes.clear();
      failure = reason;
      message = why;
    }

    RetryMark mark(RetryMark attempt) {
      return failure == null ? attempt : attempt.failed(failure, message);
    }
  }
}
