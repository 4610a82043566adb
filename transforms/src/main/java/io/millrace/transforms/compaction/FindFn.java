package io.millrace.transforms.compaction;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.avro.AvroRecordReader;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.format.Control;
import io.millrace.schemas.format.RecordReader;
import io.millrace.transforms.landing.LandedLog;
import io.millrace.transforms.landing.LandedRecords;
import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.read.LogPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the changes of rows in a part of the log, and the records that are kept in any case. */
final class FindFn extends DoFn<KV<Integer, LogPart>, KV<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(FindFn.class);

  static final TupleTag<KV<byte[], byte[]>> CHANGES = new TupleTag<>("changes") {};
  static final TupleTag<KV<Integer, byte[]>> KEPT = new TupleTag<>("kept") {};

  /** The partitions that have changes of rows, as {@link CompactLog#partition} names them. */
  static final TupleTag<String> PARTITIONS = new TupleTag<>("partitions") {};

  private final CompactLog settings;
  private final Set<String> wholeTables;
  private final RunCounter recordsRead = RunCounter.named("records_read");
  private transient RecordReader reader;

  /**
   * Finds by these settings.
   *
   * @param wholeTables the tables, as change events name them, of which all records are kept
   */
  FindFn(CompactLog settings, Set<String> wholeTables) {
    this.settings = settings;
    this.wholeTables = Set.copyOf(wholeTables);
  }

  @Setup
  public void setup() {
    reader = AvroRecordReader.of(settings.open(), settings.schemaRegistry());
  }

  @ProcessElement
  public void process(@Element KV<Integer, LogPart> numbered, MultiOutputReceiver out) {
    LogPart part = numbered.getValue();
    LandedLog log = LandedLog.of(settings.landings(), part.topic(), part.partition());
    Found found = new Found();
    RoaringBitmap kept = new RoaringBitmap();
    boolean hasChanges = false;
    for (long position = part.from(); position < part.to(); ) {
      try (LandedRecords landed = log.records(position, false)) {
        for (@Nullable RecordBlock block = landed.next();
            block != null && position < part.to();
            block = landed.next()) {
          hasChanges |= find(block, numbered, found, kept, out.get(CHANGES));
          position = block.to();
        }
      }
    }
    out.get(KEPT).output(KV.of(numbered.getKey(), Places.encode(kept)));
    if (hasChanges) {
      out.get(PARTITIONS).output(CompactLog.partition(part));
    }
  }

  private boolean find(
      RecordBlock block,
      KV<Integer, LogPart> numbered,
      Found found,
      RoaringBitmap kept,
      OutputReceiver<KV<byte[], byte[]>> changes) {
    LogPart part = numbered.getValue();
    boolean hasChanges = false;
    int records = 0;
    RecordBlock.Cursor record = block.records();
    while (record.next() && record.offset() < part.to()) {
      records++;
      Place place = new Place(numbered.getKey(), Math.toIntExact(record.offset() - part.from()));
      boolean isKept = !read(record, found) || found.isKept;
      for (ChangeEvent change : found.changes) {
        if (change.operation().isOfTable() || wholeTables.contains(change.table())) {
          isKept = true;
        } else {
          hasChanges = true;
          changes.output(KV.of(Sighting.row(change), Sighting.encode(change, place)));
        }
      }
      if (isKept) {
        kept.add(place.index());
      }
    }
    recordsRead.add(records);
    return hasChanges;
  }

  /** Reads a record; false if it cannot be, with this contract. */
  private boolean read(RecordBlock.Cursor record, Found found) {
    found.changes.clear();
    found.isKept = false;
    try {
      reader.read(record, found);
      return true;
    } catch (RejectedRecordException e) {
      found.changes.clear();
      return false;
    } catch (SchemaRegistryException e) {
      throw e;
    } catch (RuntimeException e) {
      // As it is read, so it is kept: it will be a dead letter.
      LOG.warn("Reading {} failed in a way that is a fault of Millrace", record.origin(), e);
      found.changes.clear();
      return false;
    }
  }

  /** What a record holds. */
  private static final class Found implements RecordReader.Output {
    private final List<ChangeEvent> changes = new ArrayList<>(2);
    private boolean isKept;

    @Override
    public void change(ChangeEvent event) {
      changes.add(event);
    }

    @Override
    public void control(Control kind) {
      isKept |=
          switch (kind) {
            case TOMBSTONE, TRANSACTION, HEARTBEAT, SNAPSHOT, SCHEMA_CHANGE -> false;
            case MESSAGE, NOT_APPENDED, OTHER_TABLE -> true;
          };
    }
  }
}
