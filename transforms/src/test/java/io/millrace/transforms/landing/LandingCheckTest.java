package io.millrace.transforms.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of damage is found, and nothing else is. */
@Timeout(120)
class LandingCheckTest {
  private static final TestLog LOG = new TestLog(4, 1_000, 9);

  @TempDir Path directory;
  private FileStore store;

  @BeforeEach
  void land() throws IOException {
    store = FileStore.at(directory());
    LandingWriter writer =
        new LandingWriter(
            new LandingSettings(directory(), 100, 1 << 20, Duration.standardSeconds(60)));
    writer.write(List.of(LOG.block(0, 250)));
    writer.write(List.of(LOG.block(250, 420)));
  }

  /** Ways in which a landing with files for 0, 100, 200, 300 and 400 to 420 is spoilt. */
  enum Damage {
    MISSING("is missing") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        Files.delete(test.path(file));
      }
    },
    TORN_OFF("bytes instead of") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        byte[] content = Files.readAllBytes(test.path(file));
        Files.write(test.path(file), java.util.Arrays.copyOf(content, content.length - 1));
      }
    },
    OTHER_BYTES("has the checksum") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        byte[] content = Files.readAllBytes(test.path(file));
        content[content.length / 3] ^= 1;
        Files.write(test.path(file), content);
      }
    },
    GAP("has a gap from 200 to 300") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        test.commit(List.of(), List.of(file), 420);
      }
    },
    GAP_AT_THE_END("has a gap from 420 to 450") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        test.commit(List.of(), List.of(), 450);
      }
    },
    OVERLAP("has 300 to 310 twice") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        test.commit(List.of(test.write(200, 310, LOG.block(200, 310))), List.of(file), 420);
      }
    },
    ROWS_OUT_OF_ORDER("has the offset") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        test.commit(
            List.of(test.write(200, 300, LOG.block(250, 300), LOG.block(200, 250))),
            List.of(file),
            420);
      }
    },
    ROWS_OF_OTHERS("has the offset") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        test.commit(List.of(test.write(200, 300, LOG.block(200, 305))), List.of(file), 420);
      }
    },
    ROW_TWICE("has the offset") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        test.commit(
            List.of(test.write(200, 300, LOG.block(200, 260), LOG.block(250, 300))),
            List.of(file),
            420);
      }
    },
    OTHER_COUNT("records instead of") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        LandedFile told = test.write(200, 300, LOG.block(200, 300));
        test.commit(List.of(test.with(told, told.records() + 1, 0)), List.of(file), 420);
      }
    },
    OTHER_TIMES("has timestamps from") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        LandedFile told = test.write(200, 300, LOG.block(200, 300));
        test.commit(List.of(test.with(told, told.records(), 1)), List.of(file), 420);
      }
    },
    COMMIT_MISSING("lacks the commit") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        Files.delete(
            test.directory.resolve(LandingPaths.commits(TestLog.TOPIC, 4) + "/0000000002.json"));
      }
    },
    COMMIT_DAMAGED("is damaged") {
      @Override
      void plant(LandingCheckTest test, LandedFile file) throws IOException {
        Files.writeString(
            test.directory.resolve(LandingPaths.commits(TestLog.TOPIC, 4) + "/0000000003.json"),
            "{");
      }
    };

    private final String told;

    Damage(String told) {
      this.told = told;
    }

    /** Spoils the landing, mostly by what it does to the file for 200. */
    abstract void plant(LandingCheckTest test, LandedFile file) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void damageIsFoundAndNamed(Damage damage) throws IOException {
    damage.plant(this, files().get(2));
    assertThat(check().problems(), contains(containsString(damage.told)));
  }

  @Test
  void aLandingAsItWasWrittenHasNoProblems() {
    LandingCheck.Report report = check();
    assertThat(report.problems(), is(empty()));
    assertThat(report.partitions(), hasSize(1));
    LandingCheck.Finding found = report.partitions().get(0);
    assertThat(found.begin(), is(0L));
    assertThat(found.end(), is(420L));
    assertThat(found.files(), is(5L));
    assertThat(found.records(), is((long) LOG.texts(0, 420).size()));
    assertThat(found.bytes(), is(files().stream().mapToLong(LandedFile::bytes).sum()));
    assertThat("the short file for 200", report.leftOver(), is(1L));
  }

  @Test
  void whatNoCommitNamesIsTold() throws IOException {
    Path folder = path(files().get(0)).getParent();
    Files.write(folder.resolve("attempt.parquet"), new byte[7]);
    long before = check().leftOverBytes();
    Files.write(folder.resolve("attempt.parquet"), new byte[10]);
    assertThat(check().leftOver(), is(2L));
    assertThat(check().leftOverBytes(), is(before + 3));
    assertThat(check().problems(), is(empty()));
  }

  @Test
  void progressIsToldOfEachFile() {
    List<LandedFile> told = new ArrayList<>();
    LandingCheck.run(directory(), told::add);
    assertThat(told, is(files()));
  }

  @Test
  void whereThereIsNoLandingNothingIsFine() {
    String nowhere = directory.resolve("nowhere").toString();
    LandingException refusal =
        assertThrows(LandingException.class, () -> LandingCheck.run(nowhere, file -> {}));
    assertThat(refusal.getMessage(), startsWith("There is no landing in " + nowhere));
  }

  private LandingCheck.Report check() {
    return LandingCheck.run(directory(), file -> {});
  }

  private List<LandedFile> files() {
    return Landing.at(directory()).files(TestLog.TOPIC, 4);
  }

  private Path path(LandedFile file) {
    return directory.resolve(file.path());
  }

  private void commit(List<LandedFile> added, List<LandedFile> removed, long end)
      throws IOException {
    PartitionManifest manifest = new PartitionManifest(store, TestLog.TOPIC, 4);
    PartitionState state = manifest.refresh(PartitionState.none(TestLog.TOPIC, 4));
    manifest.put(state.next(state.begin(), end, added, removed, Instant.now()));
  }

  private LandedFile write(long from, long to, RecordBlock... blocks) throws IOException {
    try (RecordFileWriter writer = new RecordFileWriter(store, TestLog.TOPIC, 4, from, to)) {
      for (RecordBlock block : blocks) {
        RecordBlock.Cursor record = block.records();
        while (record.next()) {
          writer.write(record);
        }
      }
      return writer.finish();
    }
  }

  private LandedFile with(LandedFile file, long records, long later) {
    return new LandedFile(
        file.path(),
        file.topic(),
        file.partition(),
        file.from(),
        file.to(),
        records,
        file.bytes(),
        file.checksum(),
        file.minTimestamp(),
        file.maxTimestamp() + later);
  }

  private String directory() {
    return directory.toString();
  }
}
