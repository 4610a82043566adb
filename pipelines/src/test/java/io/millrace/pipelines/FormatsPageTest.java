package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.schemas.format.Control;
import io.millrace.schemas.format.RecordReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code docs/formats.md} and {@code docs/contract.md} show is accepted as it stands. */
class FormatsPageTest {
  private static final Path DOCS = Path.of("..", "docs");

  @ParameterizedTest
  @CsvSource({
    "CHANGES, UPSERT UPSERT DELETE TRUNCATE",
    "MAXWELL, INSERT UPDATE DELETE",
    "CANAL, INSERT INSERT UPDATE DELETE TRUNCATE",
    "OGG, INSERT UPDATE DELETE TRUNCATE",
    "AWS_DMS, READ UPDATE DELETE",
    "UPSERT, UPSERT UPSERT DELETE",
    "CONNECT_JDBC, UPSERT DELETE"
  })
  void theExampleOfEachFormatIsReadByThePagesContract(ChangeFormat format, String operations)
      throws Exception {
    String page = Files.readString(DOCS.resolve("formats.md"));
    // The bare name takes the table from any schema.
    String yaml = block(page, "yaml").replace("physicalName: public.items", "physicalName: items");
    assertThat(
        operations(format, yaml, section(page, format)),
        equalTo(List.of(operations.split(" ", -1))));
  }

  @Test
  void theExampleOfEventsIsReadByItsOwnContract() throws Exception {
    String section = section(Files.readString(DOCS.resolve("formats.md")), ChangeFormat.EVENTS);
    assertThat(
        operations(ChangeFormat.EVENTS, block(section, "yaml"), section),
        equalTo(List.of("INSERT", "INSERT")));
  }

  @Test
  void theExampleOfAnEventInAContractIsOne() throws Exception {
    String page = Files.readString(DOCS.resolve("contract.md"));
    String whole = block(page, "yaml");
    String events = block(page.substring(page.indexOf("## Business events")), "yaml");
    String contract = whole.substring(0, whole.indexOf("schema:\n") + 8) + events;
    assertThat(Contract.parse(contract, "contract.md").events().size(), equalTo(1));
  }

  private static String section(String page, ChangeFormat format) {
    return page.substring(page.indexOf("## `" + format.name().toLowerCase(Locale.ROOT)));
  }

  private static List<String> operations(ChangeFormat format, String yaml, String section) {
    RecordReader reader = format.open(Contract.parse(yaml, "formats.md"), UnknownColumns.REJECT, 0);
    Collected collected = new Collected();
    for (String line : block(section, "jsonl").lines().toList()) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      RecordBlock.Writer writer = new RecordBlock.Writer(bytes.length);
      writer.add(0, 1, 0, null, bytes, 0, bytes.length);
      RecordBlock.Cursor record =
          RecordBlock.of("formats.md", Origin.NO_PARTITION, writer.take()).records();
      record.next();
      reader.read(record, collected);
    }
    return collected.operations;
  }

  @Test
  void theExampleOfAContractIsOne() throws Exception {
    Contract.parse(block(Files.readString(DOCS.resolve("contract.md")), "yaml"), "contract.md");
  }

  /** The first block of a language. */
  private static String block(String page, String language) {
    int start = page.indexOf("```" + language + "\n") + language.length() + 4;
    return page.substring(start, page.indexOf("```", start));
  }

  private static final class Collected implements RecordReader.Output {
    private final List<String> operations = new ArrayList<>();

    @Override
    public void change(ChangeEvent event) {
      operations.add(event.operation().name());
    }

    @Override
    public void control(Control kind) {
      throw new AssertionError("no change: " + kind);
    }

    @Override
    public void unknownColumns(int count) {}
  }
}
