package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventWriter;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.Control;
import io.millrace.schemas.format.RecordReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes of a file, in a block, without a pipeline.
 *
 * @param rejections what its reader said of lines it could not read
 */
record Parsed(ChangeBlock block, List<String> rejections) {

  /** All changes of a file in the neutral format. */
  static Parsed file(Path file, Contract contract) throws IOException {
    return lines(file, 0, Integer.MAX_VALUE, contract);
  }

  /** The changes of some lines of a file in the neutral format, as a block of their range. */
  static Parsed lines(Path file, int first, int count, Contract contract) throws IOException {
    return lines(file, first, count, contract, ChangeFormat.CHANGES);
  }

  /** The changes of some lines of a file, as a block of their range. */
  static Parsed lines(Path file, int first, int count, Contract contract, ChangeFormat format)
      throws IOException {
    RecordBlock.Writer writer = new RecordBlock.Writer(1_024);
    long offset = 0;
    long from = -1;
    int line = 0;
    for (String text : Files.readAllLines(file)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (line >= first && line - first < count) {
        from = from < 0 ? offset : from;
        writer.add(offset, line + 1L, 1_000, null, bytes, 0, bytes.length);
      } else if (from >= 0) {
        break;
      }
      offset += bytes.length + 1;
      line++;
    }
    return of(
        RecordBlock.of(file.toString(), Origin.NO_PARTITION, from, offset, writer.take()),
        format.open(contract, UnknownColumns.CAPTURE, 0));
  }

  /** The changes of a block of records. */
  static Parsed of(RecordBlock block, Contract contract, ChangeFormat format) {
    return of(block, format.open(contract, UnknownColumns.CAPTURE, 0));
  }

  private static Parsed of(RecordBlock block, RecordReader reader) {
    ChangeEventWriter packed = new ChangeEventWriter(1_024);
    int[] count = {0};
    RecordReader.Output output =
        new RecordReader.Output() {
          @Override
          public void change(ChangeEvent event) {
            packed.write(event);
            count[0]++;
          }

          @Override
          public void control(Control control) {}
        };
    List<String> rejections = new ArrayList<>();
    for (RecordBlock.Cursor record = block.records(); record.next(); ) {
      try {
        reader.read(record, output);
      } catch (RejectedRecordException e) {
        rejections.add(e.getMessage());
      }
    }
    return new Parsed(
        ChangeBlock.of(
            block.source(), block.partition(), block.from(), block.to(), count[0], packed.take()),
        rejections);
  }

  /** Writes the block as a worker would. */
  void writeTo(WriteLake lake) throws IOException {
    new LakeWriter(lake.settings()).write(List.of(block));
  }
}
