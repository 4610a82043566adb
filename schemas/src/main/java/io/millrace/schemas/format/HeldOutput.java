package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import java.util.ArrayList;
import java.util.List;

/** Holds the changes of a record until all of them are known to be good. */
final class HeldOutput implements RecordReader.Output {
  private final List<ChangeEvent> events = new ArrayList<>();
  private int unknownColumns;

  @Override
  public void change(ChangeEvent event) {
    events.add(event);
  }

  @Override
  public void control(Control control) {
    throw new IllegalStateException("A record of changes is no control record: " + control);
  }

  @Override
  public void unknownColumns(int count) {
    unknownColumns += count;
  }

  /** Hands everything on. */
  void release(RecordReader.Output output) {
    output.unknownColumns(unknownColumns);
    events.forEach(output::change);
  }
}
