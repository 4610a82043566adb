package io.millrace.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.Control;
import io.millrace.schemas.format.RecordReader;
import java.util.ArrayList;
import java.util.List;

/** Reads single records as a pipeline would, for tests. */
public final class Lines implements RecordReader.Output {
  private final RecordReader reader;
  private final List<ChangeEvent> events = new ArrayList<>();
  private final List<Control> controls = new ArrayList<>();

  public Lines(ChangeFormat format, Contract contract) {
    this(format, contract, UnknownColumns.CAPTURE);
  }

  public Lines(ChangeFormat format, Contract contract, UnknownColumns unknownColumns) {
    reader = format.open(contract, unknownColumns, 0);
  }

  /** What the record became; the record stands behind another so that no offset is zero. */
  public List<ChangeEvent> read(String key, String value) {
    RecordBlock.Writer block = new RecordBlock.Writer(64);
    byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
    byte[] valueBytes = value == null ? new byte[0] : value.getBytes(UTF_8);
    block.add(0, 1, 0, null, new byte[] {'{', '}'}, 0, 2);
    block.add(3, 2, 5, keyBytes, value == null ? null : valueBytes, 0, valueBytes.length);
    return last(RecordBlock.of("test.jsonl", Origin.NO_PARTITION, block.take()));
  }

  /** What the record at this place became. */
  public List<ChangeEvent> readAt(Origin place, String key, String value) {
    RecordBlock.Writer block = new RecordBlock.Writer(64);
    byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
    byte[] valueBytes = value == null ? null : value.getBytes(UTF_8);
    int length = value == null ? 0 : valueBytes.length;
    block.add(place.offset(), place.line(), 5, keyBytes, valueBytes, 0, length);
    return last(RecordBlock.of(place.source(), place.partition(), block.take()));
  }

  private List<ChangeEvent> last(RecordBlock block) {
    int count = 0;
    for (RecordBlock.Cursor counted = block.records(); counted.next(); ) {
      count++;
    }
    RecordBlock.Cursor cursor = block.records();
    for (int i = 0; i < count; i++) {
      cursor.next();
    }
    events.clear();
    controls.clear();
    reader.read(cursor, this);
    return List.copyOf(events);
  }

  public List<ChangeEvent> read(String value) {
    return read(null, value);
  }

  /** The only change of a record. */
  public ChangeEvent one(String value) {
    List<ChangeEvent> changes = read(value);
    if (changes.size() != 1) {
      throw new AssertionError("expected one change, got " + changes + " and " + controls);
    }
    return changes.get(0);
  }

  /** The control records that the last record was. */
  public List<Control> controls() {
    return List.copyOf(controls);
  }

  @Override
  public void change(ChangeEvent event) {
    events.add(event);
  }

  @Override
  public void control(Control control) {
    controls.add(control);
  }
}
