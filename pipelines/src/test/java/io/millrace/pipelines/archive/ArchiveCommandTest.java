package io.millrace.pipelines.archive;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.Landing;
import io.millrace.transforms.landing.WriteLanding;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code archive} without Kafka, and what is said before anything runs. */
@Timeout(120)
class ArchiveCommandTest {
  private static final int RECORDS = 250;

  @TempDir Path directory;
  private String landing;

  @BeforeEach
  void land() {
    landing = directory.resolve("landing").toString();
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    for (int offset = 0; offset < RECORDS; offset++) {
      writer.add(offset, 1_000, null, ByteBuffer.wrap(new byte[] {1}));
    }
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(
            Create.of(RecordBlock.of("orders", 0, 0, RECORDS, writer.take()))
                .withCoder(RecordBlockCoder.of()))
        .apply(WriteLanding.to(landing).withBlockOffsets(10));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void whatWasLandedIsShown() {
    assertThat(
        archive("--show=summary").out(),
        allOf(containsString("orders-0"), containsString("offsets 0 to 250")));
    assertThat(
        archive("--show=files").out().lines().toList(),
        is(files().stream().map(Landing.at(landing)::locate).toList()));
    assertThat(
        archive("--show=views").out(), startsWith("CREATE OR REPLACE VIEW \"orders\" AS SELECT"));
  }

  @Test
  void aSoundLandingIsVerified() {
    CommandLine verified = archive("--verify");
    assertThat(verified.err(), verified.exitCode(), is(ExitCode.OK));
    assertThat(verified.out(), containsString("nothing is wrong with the landing"));
  }

  @Test
  void damageIsNamedAndFails() throws Exception {
    Path file = Path.of(Landing.at(landing).locate(files().get(3)));
    Files.delete(file);
    CommandLine verified = archive("--verify");
    assertThat(verified.exitCode(), is(ExitCode.BUG));
    assertThat(verified.out(), containsString("problem: " + file + " is missing"));
    assertThat(verified.err(), containsString("is not as it was written; problems: 1"));
  }

  @Test
  void filesAreCompactedAndThoseOutOfDateGo() {
    CommandLine kept = archive("--compact", "--verify");
    assertThat(kept.err(), kept.exitCode(), is(ExitCode.OK));
    assertThat(kept.out(), containsString("2 files were made of several"));
    assertThat(files().size(), is(2 + 5));
    CommandLine gone = archive("--retentionDays=30", "--verify");
    assertThat(gone.err(), gone.exitCode(), is(ExitCode.OK));
    assertThat(gone.out(), containsString("7 files with 250 records are older than 30 days"));
    assertThat(Landing.at(landing).begin("orders", 0), is(250L));
    assertThat(archive("--clean").out(), is("0 files were deleted\n"));
  }

  @Test
  void eitherRecordsAreLandedOrTheLandingIsLookedAfter() {
    CommandLine both = archive("--verify", "--kafkaTopics=orders");
    assertThat(both.exitCode(), is(ExitCode.INPUT));
    assertThat(both.err(), containsString("options of both are given"));
    CommandLine neither = archive();
    assertThat(neither.exitCode(), is(ExitCode.INPUT));
    assertThat(neither.err(), containsString("--kafkaBootstrapServers=HOST:PORT"));
  }

  @Test
  void anotherSizeOfBlocksIsRefused() {
    CommandLine refused =
        archive(
            "--kafkaBootstrapServers=localhost:1", "--kafkaTopics=o", "--landingBlockOffsets=20");
    assertThat(refused.exitCode(), is(ExitCode.INPUT));
    assertThat(refused.err(), containsString("has blocks of 10 offsets for its life"));
  }

  @Test
  void whereThereIsNoLandingThatIsSaid() {
    landing = directory.resolve("nowhere").toString();
    CommandLine verified = archive("--verify");
    assertThat(verified.exitCode(), is(ExitCode.INPUT));
    assertThat(verified.err(), containsString("There is no landing in " + landing));
    assertThat(verified.out(), not(containsString("nothing is wrong")));
    assertThat(Files.exists(Path.of(landing)), is(false));
  }

  private List<LandedFile> files() {
    return Landing.at(landing).files();
  }

  private CommandLine archive(String... options) {
    List<String> arguments = new ArrayList<>(List.of("archive", "--landing=" + landing));
    arguments.addAll(Arrays.asList(options));
    return CommandLine.run(TestRunner.DIRECT, arguments.toArray(new String[0]));
  }
}
