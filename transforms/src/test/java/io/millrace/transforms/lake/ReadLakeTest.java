package io.millrace.transforms.lake;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Events come back from a lake as they were. */
@Timeout(180)
class ReadLakeTest {
  private static final String HEAD =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
      """;

  private static final String PURCHASES =
      """
        - name: purchases
          physicalName: shop.purchase
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
            - {property: eventSource, value: till}
            %s
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: at, physicalType: timestamptz}
            - {name: till, physicalType: text}
      """;

  private static final Contract CONTRACT = purchases("");

  @TempDir Path directory;
  private Path lake;

  @BeforeEach
  void nameLake() {
    lake = directory.resolve("lake");
  }

  private static Contract contract(String... schemas) {
    return Contract.parse(HEAD + String.join("", schemas), "test");
  }

  /** The contract of purchases, with this in the list of properties of the whole object. */
  private static Contract purchases(String property, String... columns) {
    StringBuilder yaml = new StringBuilder(PURCHASES.formatted(property));
    for (String column : columns) {
      yaml.append("      - {").append(column).append("}\n");
    }
    return contract(yaml.toString());
  }

  private static String purchase(int id, String fields) {
    return "{'id':" + id + ",'at':'2026-05-01T10:00:00Z','till':'t1'" + fields + "}";
  }

  /** Lines of a file; it is there, because a lake knows its files by their bytes. */
  private RecordBlock file(String... lines) throws IOException {
    Path file = Files.write(directory.resolve("purchases.jsonl"), List.of(lines));
    return LandedEvents.records(file.toString(), Origin.NO_PARTITION, lines);
  }

  /** Lands records, reads them back, and makes sure that they tell the same. */
  private List<String> assertComesBack(Contract contract, RecordBlock... blocks)
      throws IOException {
    LandedEvents.land(lake, contract, blocks);
    List<String> told = LandedEvents.told(contract, List.of(blocks));
    assertThat(told, everyItem(not(containsString(": "))));
    assertThat(LandedEvents.told(contract, LandedEvents.readBack(lake, contract)), is(told));
    return told;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean          | true,false,null",
        "smallint         | -32768,32767,null",
        "integer          | -2147483648,2147483647,'7'",
        "bigint           | -9223372036854775808,9223372036854775807",
        "bigint unsigned  | 18446744073709551615,0",
        "numeric(9,2)     | '-1234567.89',0.10,12,0,'NaN'",
        "numeric(18,4)    | 99999999999999.9999,-0.0001",
        "numeric(38,10)   | '-1234567890123456789012345678.0123456789'",
        "numeric(40,2)    | 12345678901234567890123456789012345678.01",
        "numeric(5,-2)    | 1234500,'-100'",
        "numeric          | 1.50,1e3,-1e-20,'NaN','Infinity','-Infinity','1.5'",
        "real             | 0.1,-3.4028235e38,1e-45,-0.0,'NaN','Infinity','-Infinity'",
        "double precision | 0.1,1.7976931348623157e308,4.9e-324,-0.0,'NaN','-Infinity'",
        "text             | '','é \\u0007 \\\\ 🐘','null'",
        "char(5)          | 'ab   ','ab'",
        "uuid             | '0FABFCB2-3F3A-4b1c-9a3e-0123456789ab'",
        "jsonb            | {'a':[1.00,null]},'[1,  2]','null',true,0.10,'\\\"text\\\"'",
        "bytea            | 'AAH/','',null",
        "inet             | '10.0.0.1/8'",
        "interval         | '1 day',90000000",
        "bit(3)           | '101','000'",
        "date             | '2026-02-28','-0043-03-15','+12026-01-01','infinity','-infinity',-1",
        "time             | '00:00','23:59:59.999999','23:59:59.999999999',1",
        "timetz           | '12:00:00.5+02:00','00:00:00-15:59'",
        "timestamp        | '1969-12-31T23:59:59.999999','-0043-03-15T12:00','infinity',-1",
        "timestamp        | '2026-05-01T10:00:00.123456789','+12026-01-01T00:00','-infinity'",
        "timestamptz      | '2026-05-01T12:00:00.000001+02:00','infinity','-infinity',-1",
        "timestamptz      | '1969-12-31T23:59:59.999999999Z','-0043-03-15T12:00:00Z'",
        "integer[]        | [1,null,3],[],null",
        "text[]           | ['a','',null],['[b','c, d']",
        "numeric(4,1)[]   | ['1.5',2],['NaN',1.5,null]",
        "date[]           | ['2026-05-01',null],['infinity','-infinity']",
        "timestamptz[]    | ['2026-05-01T10:00:00Z'],['2026-05-01T10:00:00.000000001Z']",
        "jsonb[]          | [{'a':1},'[2]',null]",
        "bytea[]          | ['AAH/'],[]",
        "integer[][]      | [[1,2],[3,4]],[],[[]]",
      })
  void everyTypeComesBackAsItWas(String type, String values) throws Exception {
    Contract contract = purchases("", "name: v, physicalType: \"" + type + "\"");
    List<String> lines = new ArrayList<>();
    for (String value : split(values)) {
      lines.add(purchase(lines.size(), ",'v':" + value));
    }
    assertComesBack(contract, file(lines.toArray(new String[0])));
  }

  /** The values between commas that are in no array, object or text. */
  private static List<String> split(String values) {
    List<String> split = new ArrayList<>();
    int depth = 0;
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < values.length(); i++) {
      char c = values.charAt(i);
      quoted ^= c == '\'';
      depth += quoted ? 0 : c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      if (c == ',' && depth == 0 && !quoted) {
        split.add(values.substring(start, i));
        start = i + 1;
      }
    }
    split.add(values.substring(start));
    return split;
  }

  @Test
  void recordsOfTopicsHaveTheirPlaceAndTheirTime() throws Exception {
    List<String> told =
        assertComesBack(
            CONTRACT,
            LandedEvents.records("shop.purchase", 3, purchase(1, ""), purchase(2, "")),
            LandedEvents.records("shop.purchase", 4, purchase(1, "")),
            file(purchase(4, "")));
    assertThat(
        told.get(2),
        allOf(containsString("shop.purchase-3@100 "), containsString("/1777629600124000 ")));
  }

  @Test
  void aFileOfSeveralSourcesIsReadAsSuch() throws Exception {
    LakeSettings settings = WriteLake.to(lake.toString(), CONTRACT).settings();
    FileStore store = FileStore.at(lake.toString());
    List<RecordBlock> sources =
        List.of(
            LandedEvents.records("shop.purchase", 0, purchase(1, ""), purchase(2, "")),
            LandedEvents.records("shop.purchase", 1, purchase(3, "")),
            LandedEvents.records("other.shop.purchase", 1, purchase(4, "")));
    List<ChangeEvent> changes = new ArrayList<>();
    for (RecordBlock source : sources) {
      ChangeEventReader reader = Parsed.of(source, CONTRACT, ChangeFormat.EVENTS).block().changes();
      while (reader.next()) {
        changes.add(reader.event());
      }
    }
    LakeFile file =
        new FileSet(store, settings).write(changes, Ranges.NONE.with(0, 1_000), "file").get(0);
    List<RecordBlock> blocks = LandedEvents.readBack(store, file, CONTRACT);
    assertThat(blocks, hasSize(3));
    assertThat(LandedEvents.told(CONTRACT, blocks), is(LandedEvents.told(CONTRACT, sources)));
  }

  @Test
  void whatTheContractSaysOfTimesHolds() throws Exception {
    Contract contract =
        contract(
            """
              - name: readings
                physicalName: reading
                customProperties:
                  - {property: kind, value: event}
                  - {property: eventTime, value: measured}
                  - {property: eventTimeUnit, value: nanos}
                  - {property: sentTime, value: sent}
                  - {property: eventTimeZone, value: Europe/Berlin}
                  - {property: receivedTime, value: gateway}
                properties:
                  - {name: id, physicalType: bigint, primaryKey: true}
                  - {name: measured_at, physicalName: measured, physicalType: bigint}
                  - {name: sent, physicalType: timestamp}
                  - {name: gateway, physicalType: timestamptz}
            """);
    assertComesBack(
        contract,
        LandedEvents.records(
            "reading",
            0,
            "{'id':1,'measured':1777629600123456789,'sent':'2026-10-25T02:30:00.000000001'}",
            "{'id':2,'measured':1777629600123456789,'gateway':'2026-05-01T09:59:59.999999999Z'}",
            "{'id':3,'measured':1,'sent':'1970-01-01T01:00','gateway':null}"));
  }

  @Test
  void columnsThatTheContractDoesNotKnowComeBackExactly() throws Exception {
    List<String> told =
        assertComesBack(
            CONTRACT,
            file(
                purchase(1, ",'total':1.50,'note':{'a':[1e2,null,'\\u00e9']}"),
                purchase(2, ",'_total':null")));
    assertThat(told.get(0), containsString("\"total\":1.50"));
  }

  @Test
  void bytesAndBitsAreWrittenAsTheContractSays() throws Exception {
    assertComesBack(
        purchases(
            "- {property: binary.handling.mode, value: hex}",
            "name: v, physicalType: bytea",
            "name: w, physicalType: 'bytea[]'"),
        file(purchase(1, ",'v':'00ff','w':['00ff']")));
    nameLake("bits");
    assertComesBack(
        purchases(
            "- {property: bit.handling.mode, value: number}", "name: v, physicalType: bit(10)"),
        file(purchase(1, ",'v':5"), purchase(2, ",'v':1000")));
    nameLake("packed");
    assertComesBack(
        purchases(
            "- {property: decimal.handling.mode, value: precise}",
            "name: v, physicalType: 'numeric(10,2)'",
            "name: w, physicalType: numeric",
            "name: x, physicalType: bit(10),"
                + " customProperties: [{property: encoding, value: io.debezium.data.Bits}]"),
        file(purchase(1, ",'v':'BBo=','w':{'scale':2,'value':'BBo='},'x':'BQI='")));
  }

  private void nameLake(String name) {
    lake = directory.resolve(name);
  }

  @Test
  void derivedColumnsAreDerivedAgain() throws Exception {
    List<String> told =
        assertComesBack(
            purchases(
                "",
                "name: total, physicalType: integer",
                "name: twice, physicalType: integer, transformLogic: total * 2",
                "name: topic, physicalType: text,"
                    + " customProperties: [{property: metadata, value: topic}]"),
            LandedEvents.records(
                "shop.purchase", 0, purchase(1, ",'total':4"), purchase(2, ",'total':null")));
    assertThat(told.get(0), containsString("twice=8 topic=\"shop.purchase\""));
  }

  @Test
  void eventsWithoutAnIdAreTheSameOnes() throws Exception {
    String schema =
        PURCHASES
            .formatted("- {property: withoutKey, value: POLICY}")
            .replace(", primaryKey: true", "");
    assertComesBack(
        contract(schema.replace("POLICY", "append")), file(purchase(1, ""), purchase(1, "")));
    nameLake("allColumns");
    assertComesBack(
        contract(schema.replace("POLICY", "all_columns")), file(purchase(1, ""), purchase(2, "")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "                                        | shop.purchase  | %s",
        "                                        | file          | {'schema':{'type':'struct','name':'shop.purchase','fields':[]},'payload':%s}",
        "- {property: eventType, value: what}    | file          | {'what':'shop.purchase',%s",
        "- {property: eventType, value: till}    | file          | {'till':'shop.purchase',%s",
      })
  void ofSeveralEventsEachKeepsItsType(String property, String source, String record)
      throws Exception {
    String other =
        PURCHASES.replace("purchase", "refund").formatted(property == null ? "" : property);
    Contract contract = contract(PURCHASES.formatted(property == null ? "" : property), other);
    String event = "{'id':1,'at':'2026-05-01T10:00:00Z'}";
    String value = record.replace("%s", record.endsWith(",%s") ? event.substring(1) : event);
    List<String> told =
        assertComesBack(
            contract, source.equals("file") ? file(value) : LandedEvents.records(source, 0, value));
    assertThat(told, contains(containsString(" shop.purchase ")));
  }

  @Test
  void aContractThatHasChangedSinceReadsWhatItCan() throws Exception {
    Contract then =
        purchases(
            "",
            "name: amount, physicalType: integer",
            "name: paid, physicalType: 'numeric(4,2)'",
            "name: gone, physicalType: date");
    LandedEvents.land(
        lake,
        then,
        file(
            purchase(1, ",'amount':7,'paid':1.50,'gone':'2026-05-01'"),
            purchase(2, ",'total':8,'coupon':'x'")));
    Contract now =
        purchases(
            "",
            "name: amount, physicalName: total, physicalType: bigint",
            "name: price, physicalName: paid, physicalType: numeric",
            "name: coupon, physicalType: text",
            "name: fresh, physicalType: text");
    assertThat(
        LandedEvents.told(now, LandedEvents.readBack(lake, now)),
        contains(
            containsString("amount=7 price=1.5 coupon=null fresh=null {\"gone\":\"2026-05-01\"}"),
            containsString("amount=8 price=null coupon=\"x\" fresh=null null")));
  }

  @ParameterizedTest
  @EnumSource
  void everyRunnerReadsEachEventOnce(TestRunner runner) throws Exception {
    String padding = "x".repeat(400);
    for (int block = 0; block < 3; block++) {
      LandedEvents.land(
          lake,
          CONTRACT,
          LandedEvents.records(
              "shop.purchase",
              block,
              IntStream.range(0, 1_000)
                  .mapToObj(id -> purchase(id, ",'note':'" + padding + "'"))
                  .toArray(String[]::new)));
    }
    List<String> expected = LandedEvents.told(CONTRACT, LandedEvents.readBack(lake, CONTRACT));
    assertThat(expected, hasSize(3_000));
    TestPipeline pipeline = runner.pipeline();
    PAssert.that(pipeline.apply(ReadLake.events(lake.toString(), CONTRACT)))
        .satisfies(
            blocks -> {
              assertThat(LandedEvents.told(CONTRACT, blocks), is(expected));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void noLakeAndNoEventsAreSaidBeforeAnythingRuns() throws Exception {
    ReadLake.Events events = ReadLake.events(lake.toString(), CONTRACT);
    assertThat(
        assertThrows(LakeException.class, events::check).getMessage(),
        containsString("there is no lake in " + lake));
    LandedEvents.land(lake, CONTRACT, file(purchase(1, "")));
    events.check();
    Contract other = contract(PURCHASES.replace("purchase", "refund").formatted(""));
    assertThat(
        assertThrows(LakeException.class, ReadLake.events(lake.toString(), other)::check)
            .getMessage(),
        allOf(containsString("(refunds)"), containsString("it holds purchases;")));
  }

  @Test
  void aFileThatIsMissingOrCutIsSaidBeforeAnythingRuns() throws Exception {
    LandedEvents.land(lake, CONTRACT, file(purchase(1, "")));
    Path file = landedFile();
    byte[] bytes = Files.readAllBytes(file);
    ReadLake.Events events = ReadLake.events(lake.toString(), CONTRACT);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(
        assertThrows(LakeException.class, events::check).getMessage(),
        containsString(file + " has " + (bytes.length - 1) + " bytes instead of " + bytes.length));
    assertFailsToRead(file + " of the lake has " + (bytes.length - 1) + " bytes");
    Files.delete(file);
    assertThat(
        assertThrows(LakeException.class, events::check).getMessage(),
        containsString(file + " is missing"));
    assertFailsToRead(file + " of the lake cannot be read");
  }

  @Test
  void whereverItsPagesAreDamagedNothingElseIsReadInstead() throws Exception {
    List<String> told = assertComesBack(CONTRACT, file(purchase(1, ",'a':1"), purchase(2, "")));
    Path file = landedFile();
    byte[] bytes = Files.readAllBytes(file);
    int footer = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).getInt(bytes.length - 8);
    int failed = 0;
    for (int at = 0; at < bytes.length - 8 - footer; at++) {
      byte[] other = bytes.clone();
      other[at] ^= 0x40;
      Files.write(file, other);
      try {
        assertThat(
            "byte " + at,
            LandedEvents.told(CONTRACT, LandedEvents.readBack(lake, CONTRACT)),
            is(told));
      } catch (LakeException e) {
        assertThat(e.getMessage(), containsString(file + " of the lake "));
        failed++;
      }
    }
    assertThat(failed, greaterThan(300));
  }

  private Path landedFile() {
    LakeManifest manifest = LakeManifest.read(lake.toString());
    return Path.of(manifest.locate(manifest.files().get(0)));
  }

  private void assertFailsToRead(String message) {
    assertThat(
        assertThrows(LakeException.class, () -> LandedEvents.readBack(lake, CONTRACT)).getMessage(),
        allOf(containsString(message), containsString("bring it back from a copy")));
  }
}
