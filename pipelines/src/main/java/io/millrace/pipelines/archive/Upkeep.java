package io.millrace.pipelines.archive;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.Landing;
import io.millrace.transforms.landing.LandingCheck;
import io.millrace.transforms.landing.LandingUpkeep;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What {@code archive} does to a landing without reading Kafka. */
final class Upkeep {
  private final ArchiveOptions options;
  private final Session session;
  private final String directory;
  private long lastTold = System.nanoTime();

  Upkeep(ArchiveOptions options, Session session) {
    this.options = options;
    this.session = session;
    this.directory = options.getLanding();
  }

  static boolean isWanted(ArchiveOptions options) {
    return options.getVerify()
        || options.getCompact()
        || options.getRetentionDays() != null
        || options.getClean()
        || options.getShow() != null;
  }

  /** Does all that the options ask for: what makes the landing smaller first. */
  void run() {
    LandingUpkeep upkeep = LandingUpkeep.of(directory);
    if (options.getRetentionDays() != null) {
      expire(upkeep, options.getRetentionDays());
    }
    if (options.getCompact()) {
      compact(upkeep);
    }
    if (options.getClean()) {
      say("%,d files were deleted", upkeep.clean(LandingUpkeep.DEFAULT_GRACE));
    }
    if (options.getShow() != null) {
      show(options.getShow());
    }
    if (options.getVerify()) {
      verify();
    }
  }

  private void expire(LandingUpkeep upkeep, int days) {
    List<LandedFile> gone = upkeep.expire(Instant.now().minus(Duration.ofDays(days)));
    say(
        "%,d files with %,d records are older than %,d days and count no longer",
        gone.size(), gone.stream().mapToLong(LandedFile::records).sum(), days);
  }

  private void compact(LandingUpkeep upkeep) {
    long[] files = new long[1];
    upkeep.compact(
        (long) options.getCompactedFileMegabytes() << 20, telling("compacted", file -> files[0]++));
    say("%,d files were made of several", files[0]);
  }

  private void show(UpkeepOptions.Show show) {
    Landing landing = Landing.at(directory);
    PrintStream out = session.out();
    switch (show) {
      case SUMMARY ->
          landing
              .topics()
              .forEach(
                  topic ->
                      landing
                          .partitions(topic)
                          .forEach(partition -> summarize(landing, topic, partition)));
      case FILES -> landing.files().stream().map(landing::locate).forEach(out::println);
      case VIEWS -> out.print(landing.duckDbViews());
    }
  }

  private void summarize(Landing landing, String topic, int partition) {
    List<LandedFile> files = landing.files(topic, partition);
    summarize(
        topic + "-" + partition,
        landing.begin(topic, partition),
        landing.end(topic, partition),
        files.size(),
        files.stream().mapToLong(LandedFile::records).sum(),
        files.stream().mapToLong(LandedFile::bytes).sum());
  }

  private void summarize(
      String partition, long begin, long end, long files, long records, long bytes) {
    say(
        "  %-32s offsets %,d to %,d %,15d records %,9d files %,9d MB",
        partition, begin, end, records, files, bytes >> 20);
  }

  private void verify() {
    LandingCheck.Report report = LandingCheck.run(directory, telling("verified", file -> {}));
    for (LandingCheck.Finding found : report.partitions()) {
      summarize(
          found.topic() + "-" + found.partition(),
          found.begin(),
          found.end(),
          found.files(),
          found.records(),
          found.bytes());
    }
    if (report.leftOver() > 0) {
      say(
          "%,d files of %,d MB do not count, and do no harm; archive --clean deletes those that have"
              + " not for a day",
          report.leftOver(), report.leftOverBytes() >> 20);
    }
    report.problems().forEach(problem -> session.out().println("problem: " + problem));
    if (!report.problems().isEmpty()) {
      throw LaunchException.fault(
          String.format(
              Locale.ROOT,
              "the landing in %s is not as it was written; problems: %,d",
              directory,
              report.problems().size()));
    }
    say("nothing is wrong with the landing");
  }

  /** Tells how far it is, every now and then. */
  private Consumer<LandedFile> telling(String done, Consumer<LandedFile> next) {
    long[] records = new long[1];
    return file -> {
      next.accept(file);
      records[0] += file.records();
      int seconds = options.getProgressSeconds();
      long now = System.nanoTime();
      if (seconds > 0 && now - lastTold >= TimeUnit.SECONDS.toNanos(seconds)) {
        lastTold = now;
        session.note(
            String.format(Locale.ROOT, "%,d records %s, up to %s", records[0], done, file.path()));
      }
    };
  }

  private void say(String format, Object... values) {
    session.out().printf(Locale.ROOT, format + "%n", values);
  }
}
