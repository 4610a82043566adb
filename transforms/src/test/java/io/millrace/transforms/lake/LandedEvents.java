package io.millrace.transforms.lake;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.EventReader;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import io.millrace.schemas.image.JsonValues;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Business events, as they are read from where they came from and from a lake. */
final class LandedEvents {

  /** Records of a file or a topic's partition; single quotes stand for double ones. */
  static RecordBlock records(String source, int partition, String... values) {
    RecordBlock.Writer writer = new RecordBlock.Writer(1_024);
    for (int i = 0; i < values.length; i++) {
      byte[] value = values[i].replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      long line = partition == Origin.NO_PARTITION ? i + 1 : Origin.NO_LINE;
      writer.add(100L * i, line, 1_777_629_600_123L + i, null, value, 0, value.length);
    }
    return RecordBlock.of(source, partition, writer.take());
  }

  /** Lands records in a lake, as {@code replicate --format=events} does. */
  static void land(Path lake, Contract contract, RecordBlock... blocks) throws IOException {
    for (RecordBlock block : blocks) {
      Parsed.of(block, contract, ChangeFormat.EVENTS)
          .writeTo(WriteLake.to(lake.toString(), contract));
    }
  }

  /** The records of a lake, read without a pipeline. */
  static List<RecordBlock> readBack(Path lake, Contract contract) {
    LakeManifest manifest = LakeManifest.read(lake.toString());
    FileStore store = FileStore.at(lake.toString());
    List<RecordBlock> blocks = new ArrayList<>();
    for (TableContract event : contract.events()) {
      manifest
          .of(event.name())
          .files()
          .forEach(file -> blocks.addAll(readBack(store, file, contract)));
    }
    return blocks;
  }

  /** The records of a file of a lake. */
  static List<RecordBlock> readBack(FileStore store, LakeFile file, Contract contract) {
    TableContract event =
        contract.events().stream()
            .filter(each -> each.name().equals(file.table()))
            .findFirst()
            .orElseThrow();
    boolean isOnly = contract.events().size() == 1;
    List<RecordBlock> blocks = new ArrayList<>();
    try (FileBlocks rows =
        new FileBlocks(store, file, row -> new EventEncoder(event, isOnly, row)::encode)) {
      for (RecordBlock block = rows.next(); block != null; block = rows.next()) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  /** All that records tell, an event a line, sorted; of those that are rejected, why. */
  static List<String> told(Contract contract, Iterable<RecordBlock> blocks) {
    EventReader reader =
        new EventReader(contract, UnknownColumns.CAPTURE, Duration.ofHours(1), Clock.systemUTC());
    List<String> told = new ArrayList<>();
    for (RecordBlock block : blocks) {
      for (RecordBlock.Cursor record = block.records(); record.next(); ) {
        try {
          told.add(told(contract, reader.read(record)));
        } catch (RejectedRecordException e) {
          told.add(record.origin() + ": " + e.getMessage());
        }
      }
    }
    told.sort(null);
    return told;
  }

  private static String told(Contract contract, BusinessEvent event) {
    TableContract type = contract.table(event.type()).orElseThrow();
    Columns columns =
        new ImageReader(type, event.image().encoding(), UnknownColumns.CAPTURE).read(event.image());
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < type.columns().size(); i++) {
      values.append(' ').append(type.columns().get(i).name()).append('=');
      values.append(JsonValues.toJson(plain(columns.value(i))));
    }
    return String.join(
            " ",
            event.origin().toString(),
            event.type(),
            HexFormat.of().formatHex(event.id().bytes()),
            String.valueOf(event.source()),
            event.occurredAt() + "/" + event.sentAt() + "/" + event.receivedAt())
        + values
        + " "
        + columns.extra();
  }

  /** Of numbers only the value counts, not with how many zeros they were written. */
  private static Object plain(Object value) {
    if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(each -> plain.add(plain(each)));
      return plain;
    }
    return value instanceof BigDecimal number && number.signum() != 0
        ? number.stripTrailingZeros()
        : value instanceof BigDecimal ? BigDecimal.ZERO : value;
  }

  private LandedEvents() {}
}
