package io.millrace.transforms.lake;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.quality.RunCounter;
import io.millrace.transforms.store.FileStore;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads files of business events; see {@link ReadLake}. */
final class ReadFileFn extends DoFn<LakeFile, RecordBlock> {
  private static final long serialVersionUID = 1L;

  private final String directory;
  private final List<TableContract> events;
  private final RunCounter recordsRead = RunCounter.named("records_read");
  private transient FileStore store;

  ReadFileFn(String directory, List<TableContract> events) {
    this.directory = directory;
    this.events = events;
  }

  @Setup
  public void setup() {
    store = FileStore.at(directory);
  }

  @ProcessElement
  public void process(@Element LakeFile file, OutputReceiver<RecordBlock> out) {
    TableContract event =
        events.stream().filter(each -> each.name().equals(file.table())).findFirst().orElseThrow();
    boolean isOnly = events.size() == 1;
    try (FileBlocks blocks =
        new FileBlocks(store, file, rows -> new EventEncoder(event, isOnly, rows)::encode)) {
      for (@Nullable RecordBlock block = blocks.next(); block != null; block = blocks.next()) {
        out.output(block);
      }
    }
    recordsRead.add(file.rows());
  }
}
