package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Millrace's pipeline {@code archive} in a JVM of its own, until it is closed. */
final class ArchivePipeline implements AutoCloseable {
  private static final int MEGABYTES = 1_000;
  private static final Duration SHOW_LIMIT = Duration.ofMinutes(1);
  private static final Pattern SHOWN =
      Pattern.compile("\\s*(\\S+)-(\\d+)\\s+offsets [\\d,]+ to ([\\d,]+)\\s.*");

  private final ChildProcess process;
  private final Program program;
  private final Path landing;

  /** Starts landing what a flow's topics have. */
  static ArchivePipeline start(Program program, String runner, Flow flow, Path landing) {
    List<String> options =
        List.of(
            "--runner=" + runner,
            "--landing=" + landing,
            "--landingMaxAgeSeconds=2",
            "--landingFileMegabytes=8");
    return new ArchivePipeline(
        program.startPipeline("pipeline-archive", "archive", MEGABYTES, flow.with(options)),
        program,
        landing);
  }

  private ArchivePipeline(ChildProcess process, Program program, Path landing) {
    this.process = process;
    this.program = program;
    this.landing = landing;
  }

  /** The offset before which each partition is landed, as {@code archive} itself shows it. */
  Map<TopicPartition, Long> ends() {
    Program.Result shown =
        program.run(SHOW_LIMIT, "archive", List.of("--landing=" + landing, "--show=summary"));
    if (shown.exitCode() != 0) {
      throw new ServiceException(
          "archive --show ended with exit code "
              + shown.exitCode()
              + ": "
              + String.join("; ", shown.errors()));
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (String line : shown.output()) {
      Matcher matcher = SHOWN.matcher(line);
      if (matcher.matches()) {
        ends.put(
            new TopicPartition(matcher.group(1), Integer.parseInt(matcher.group(2))),
            Long.parseLong(matcher.group(3).replace(",", "")));
      }
    }
    return ends;
  }

  /**
   * @throws ServiceException if it has ended, with the end of its log
   */
  void check() {
    if (!process.isAlive()) {
      throw new ServiceException(
          "archive ended with exit code " + process.exitCode() + process.logEnd());
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
