package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;

/** Records written out as text, to be compared. */
final class RecordTexts {

  /** {@code file:line@offset key=value}, without the parts a record does not have. */
  static List<String> of(RecordBlock block) {
    List<String> texts = new ArrayList<>();
    RecordBlock.Cursor record = block.records();
    while (record.next()) {
      String name = Path.of(block.source()).getFileName().toString();
      String place =
          record.origin().isFile()
              ? name + ":" + record.origin().line() + "@" + record.origin().offset()
              : name + "-" + block.partition() + "@" + record.origin().offset();
      texts.add(place + " " + text(record.copyKey()) + "=" + text(record.copyValue()));
    }
    return texts;
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "-" : new String(bytes, StandardCharsets.UTF_8);
  }

  /** Takes blocks apart. */
  static final class UnpackFn extends DoFn<RecordBlock, String> {
    @ProcessElement
    public void process(@Element RecordBlock block, OutputReceiver<String> out) {
      of(block).forEach(out::output);
    }
  }

  private RecordTexts() {}
}
