package io.millrace.transforms.lake;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasLength;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.store.PathNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is committed, whoever writes what again. */
@Timeout(120)
class LakeWriterTest {
  private static final Contract CONTRACT = contract("items", "note, physicalType: text");

  @TempDir Path directory;
  private Path input;
  private Path lake;

  @BeforeEach
  void writeInput() throws IOException {
    input = directory.resolve("input.jsonl");
    lake = directory.resolve("lake");
    Files.write(input, IntStream.range(0, 100).mapToObj(LakeWriterTest::upsert).toList());
  }

  @Test
  void rangesThatOverlapAreCommittedOnce() throws Exception {
    LakeWriter writer = writer();
    writer.write(List.of(lines(10, 20)));
    writer.write(List.of(lines(0, 15), lines(5, 10)));
    writer.write(List.of(lines(50, 10), lines(0, 100), lines(40, 30)));
    assertEachOnce();
    assertThat(commits(), hasSize(3));
    assertThat(writer.holds(lines(0, 100)), is(true));
  }

  @Test
  void whatWasReadAgainWritesNothing() throws Exception {
    writer().write(List.of(lines(0, 100)));
    List<String> before = stored();
    LakeWriter again = writer();
    assertThat(again.holds(lines(0, 50)), is(true));
    again.write(List.of(lines(0, 60), lines(60, 40)));
    assertThat(stored(), is(before));
  }

  @Test
  void ofTwoWritersOfTheSameRangeOneWins() throws Exception {
    LakeWriter zombie = writer();
    zombie.write(List.of(lines(0, 10)));
    LakeWriter heir = writer();
    heir.write(List.of(lines(0, 40)));
    // It knows nothing of the heir's commit yet.
    zombie.write(List.of(lines(10, 30)));
    zombie.write(List.of(lines(30, 30)));
    heir.write(List.of(lines(40, 60)));
    assertEachOnce();
    assertThat("no file is left over", manifest().clean(Duration.ofDays(-1)), is(0));
  }

  @Test
  void aWriterThatFailsLeavesNothingThatCounts() throws Exception {
    Files.writeString(input, upsert(100).replace("-31T", "-30T") + "\n", StandardOpenOption.APPEND);
    Path inTheWay = lake.resolve("table=items/commit_date=2026-01-30");
    Files.createDirectories(inTheWay.getParent());
    Files.createFile(inTheWay);
    LakeWriter writer = writer();
    assertThrows(IOException.class, () -> writer.write(List.of(lines(0, 101))));
    assertThat(stored(), contains("table=items/commit_date=2026-01-30"));
    Files.delete(inTheWay);
    writer.write(List.of(lines(0, 101)));
    assertThat(query("SELECT count(*), sum(id) FROM items_log"), contains("101|5050"));
  }

  @Test
  void filesThatNoCommitNamesArePassedOverAndDeletedOnceOld() throws Exception {
    writer().write(List.of(lines(0, 100)));
    Path counted = Path.of(manifest().locate(manifest().files().get(0)));
    Path leftOver = Files.copy(counted, counted.resolveSibling("left-over.parquet"));
    Path draft =
        Files.createFile(
            lake.resolve(new InputPart(input.toString(), -1, 0).folder()).resolve(".x.json.y"));
    assertEachOnce();
    assertThat("young", manifest().clean(Duration.ofHours(1)), is(0));
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(leftOver, old);
    Files.setLastModifiedTime(draft, old);
    Files.setLastModifiedTime(counted, old);
    assertThat(manifest().clean(Duration.ofHours(1)), is(2));
    assertEachOnce();
  }

  @Test
  void filesThatAreNotWholeAreFound() throws Exception {
    writer().write(List.of(lines(0, 100)));
    assertThat(manifest().check(), is(empty()));
    Path file = Path.of(manifest().locate(manifest().files().get(0)));
    Files.write(file, new byte[1], StandardOpenOption.APPEND);
    assertThat(manifest().check(), contains(startsWith(file + " has ")));
    Files.delete(file);
    assertThat(manifest().check(), contains(file + " is missing"));
  }

  @Test
  void aFileThatGrewGoesOnWhereItEnded() throws Exception {
    writer().write(List.of(lines(0, 100)));
    Files.writeString(input, upsert(100) + "\n", StandardOpenOption.APPEND);
    LakeWriter writer = writer();
    assertThat(writer.holds(lines(0, 100)), is(true));
    writer.write(List.of(lines(0, 101)));
    assertThat(manifest().files(), hasSize(2));
    assertThat(query("SELECT count(*), max(id) FROM items"), contains("101|100"));
  }

  @Test
  void anotherFileOfTheSameNameIsRefused() throws Exception {
    writer().write(List.of(lines(0, 100)));
    Files.write(input, IntStream.range(7, 107).mapToObj(LakeWriterTest::upsert).toList());
    LakeException refusal =
        assertThrows(LakeException.class, () -> writer().write(List.of(lines(0, 100))));
    assertThat(
        refusal.getMessage(),
        startsWith(input + " is not the file whose changes the lake holds under this name"));
  }

  @Test
  void aPartOfAFileHasItsOwnCommits() throws Exception {
    // Offsets that the file does not have: only its fingerprint is looked at.
    ChangeBlock first = lines(0, 100);
    long boundary = 1L << 26;
    ChangeBlock across =
        ChangeBlock.of(first.source(), -1, boundary - 500, boundary + 500, 0, lines(0, 0).bytes());
    LakeWriter writer = writer();
    writer.write(List.of(first, across));
    assertThat(writer.holds(across), is(true));
    assertThat(commits(), hasSize(2));
    assertThat(
        commits(), everyItem(matchesPattern("_manifest/file=.*-input.jsonl/[01]/0{9}1.json")));
    writer.write(List.of(across));
    assertThat(commits(), hasSize(2));
  }

  @Test
  void aTopicIsReadOnFromTheFirstOffsetThatIsMissing() throws Exception {
    LakeWriter writer = writer();
    writer.begin(topic(40, 50));
    assertThat(manifest().topicOffsets(), is(Map.of("shop", Map.of(3, 40L))));
    writer.begin(topic(50, 60));
    writer.write(List.of(topic(60, 70)));
    assertThat(manifest().topicOffsets(), is(Map.of("shop", Map.of(3, 40L))));
    writer.write(List.of(topic(50, 60), topic(40, 50)));
    assertThat(manifest().topicOffsets(), is(Map.of("shop", Map.of(3, 70L))));
    writer().begin(topic(10, 20));
    assertThat(manifest().topicOffsets(), is(Map.of("shop", Map.of(3, 10L))));
  }

  @Test
  void aLostCommitIsNoticed() throws Exception {
    writer().write(List.of(lines(0, 10)));
    writer().write(List.of(lines(10, 10)));
    Files.delete(lake.resolve(commits().get(0)));
    assertThat(
        assertThrows(LakeException.class, this::manifest).getMessage(),
        containsString("The lake lacks the commit _manifest/file="));
  }

  @Test
  void aRecordThatTheLogHoldsTwiceIsOneChange() throws Exception {
    Files.write(input, List.of(upsert(1), upsert(1), upsert(2), upsert(1)));
    writer().write(List.of(lines(0, 2)));
    writer().write(List.of(lines(2, 2)));
    assertThat(query("SELECT count(*) FROM items_log"), contains("4"));
    assertThat(query("SELECT id, _line FROM items ORDER BY id"), contains("1|1", "2|3"));
  }

  @Test
  void deletesAndTruncatesAreRowsToo() throws Exception {
    Files.write(
        input,
        List.of(
            json("{'table':'public.items','op':'delete','position':7,'key':{'id':5}}"),
            json("{'table':'public.items','op':'truncate','position':8}"),
            json(
                "{'table':'public.items','op':'upsert','position':9,'key':{'id':6},"
                    + "'after':{'id':6,'more':[1]},'committedAt':'2026-05-01T23:59:59Z'}")));
    writer().write(List.of(lines(0, 3)));
    assertThat(
        query(
            "SELECT _operation, id, _unchanged, _extra, _committed_at FROM items"
                + " ORDER BY _position"),
        contains(
            "delete|5|null|null|null",
            "truncate|null|null|null|null",
            "upsert|6|[note]|{\"more\":[1]}|2026-05-01T23:59:59Z"));
    assertThat(
        manifest().files().stream()
            .map(file -> Path.of(file.path()).getParent().toString())
            .toList(),
        containsInAnyOrder(
            "table=items/commit_date=2026-05-01",
            "table=items/commit_date=__HIVE_DEFAULT_PARTITION__"));
  }

  @Test
  void aTableThatIgnoresUnknownColumnsHasNoneOfThem() throws Exception {
    Contract ignoring =
        Contract.parse(
            """
            {apiVersion: v3.0.2, kind: DataContract, id: shop, version: 1.0.0, status: active, schema: [
              {name: items, physicalName: public.items,
               customProperties: [{property: unknownColumns, value: ignore}],
               properties: [{name: id, physicalType: bigint, primaryKey: true}]}]}
            """,
            "test");
    new LakeWriter(WriteLake.to(lake.toString(), ignoring).settings())
        .write(List.of(Parsed.lines(input, 0, 100, ignoring).block()));
    assertThat(query("SELECT count(*), count(_extra) FROM items"), contains("100|0"));
  }

  @Test
  void aColumnThatCameLaterIsNullBefore() throws Exception {
    writer().write(List.of(lines(0, 50)));
    Contract later =
        contract("items", "note, physicalType: text}\n      - {name: extra, physicalType: integer");
    new LakeWriter(WriteLake.to(lake.toString(), later).settings())
        .write(List.of(Parsed.lines(input, 50, 50, later).block()));
    assertThat(
        query("SELECT count(*), count(note), count(extra) FROM items"), contains("100|100|50"));
  }

  @Test
  void keysAreDividedIntoShards() throws Exception {
    writer(WriteLake.to(lake.toString(), CONTRACT).withShards(4)).write(List.of(lines(0, 100)));
    assertThat(manifest().files(), hasSize(4));
    assertEachOnce();
  }

  @Test
  void namesFromDataNeverLeadOutOfTheLake() throws Exception {
    for (String name : List.of("../../up", "a/b", "..", "Ünï", "x'y\\\"z", "ü".repeat(31))) {
      Contract hostile = contract(name, "note, physicalType: text");
      Path apart = Files.createTempDirectory(directory, "lake");
      writer(WriteLake.to(apart.toString(), hostile))
          .write(List.of(Parsed.lines(input, 0, 100, hostile).block()));
      LakeManifest manifest = LakeManifest.read(apart.toString());
      assertThat(manifest.tables(), is(aMapWithSize(1)));
      assertThat(
          manifest.files().get(0).path(),
          matchesPattern(
              "table=[A-Za-z0-9_%.-]{1,160}/commit_date=[0-9-]{10}/[0-9a-f-]+[.]parquet"));
      try (Lake read = new Lake(apart)) {
        String table = '"' + manifest.files().get(0).table().replace("\"", "\"\"") + '"';
        assertThat(name, read.count(table), is(100L));
      }
    }
    assertThat(PathNames.escape(".."), is("%2E."));
    assertThat(PathNames.escape("a/" + "t".repeat(300)), hasLength(160));
  }

  @Test
  void onlyLocalDirectoriesAreTaken() {
    assertThrows(
        IllegalArgumentException.class, () -> WriteLake.to("gs://bucket/lake", CONTRACT).check());
    WriteLake.to("file://" + directory.resolve("other"), CONTRACT).check();
    assertThat(Files.isDirectory(directory.resolve("other")), is(true));
  }

  private void assertEachOnce() throws Exception {
    assertThat(
        query("SELECT count(*), count(DISTINCT id), sum(id) FROM items_log"),
        contains("100|100|4950"));
    assertThat(query("SELECT count(*) FROM items"), contains("100"));
  }

  private List<String> query(String sql) throws Exception {
    try (Lake read = new Lake(lake)) {
      return read.rows(sql);
    }
  }

  private LakeManifest manifest() {
    return LakeManifest.read(lake.toString());
  }

  private LakeWriter writer() {
    return writer(WriteLake.to(lake.toString(), CONTRACT));
  }

  private static LakeWriter writer(WriteLake lake) {
    return new LakeWriter(lake.settings());
  }

  private ChangeBlock lines(int first, int count) throws IOException {
    return Parsed.lines(input, first, count, CONTRACT).block();
  }

  private static ChangeBlock topic(long from, long to) {
    return ChangeBlock.of("shop", 3, from, to, 0, new byte[] {1});
  }

  private List<String> commits() throws IOException {
    return stored().stream().filter(path -> path.startsWith("_manifest")).toList();
  }

  private List<String> stored() throws IOException {
    List<String> paths = new ArrayList<>();
    try (Stream<Path> files = Files.walk(lake)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> paths.add(lake.relativize(file).toString()));
    }
    paths.sort(null);
    return paths;
  }

  private static String upsert(int id) {
    return json(
        "{'table':'public.items','op':'upsert','position':"
            + id
            + ",'key':{'id':"
            + id
            + "},'after':{'id':"
            + id
            + ",'note':'n','extra':1},'committedAt':'2026-01-31T12:00:00Z'}");
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static Contract contract(String table, String column) {
    return Contract.parse(
        """
        apiVersion: v3.0.2
        kind: DataContract
        id: shop
        version: 1.0.0
        status: active
        schema:
          - name: "%s"
            physicalName: public.items
            properties:
              - {name: id, physicalType: bigint, primaryKey: true}
              - {name: %s}
        """
            .formatted(table, column),
        "test");
  }
}
