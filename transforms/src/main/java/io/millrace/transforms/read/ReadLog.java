package io.millrace.transforms.read;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a log from its beginning, however old that is, in blocks of some 128 KB: what {@link
 * io.millrace.transforms.landing.WriteLanding} has landed of its topics, as far as that goes, and
 * from exactly the next offset on the topics themselves.
 *
 * <p>Bounded without topics, or with {@link Records#upTo}; then all blocks have the least timestamp
 * there is, so nothing read here is ever late, and landed files are read at the same time.
 * Otherwise it goes on for ever, a reader for each partition; what was landed holds the watermark
 * at its beginning, so that nothing of it is late either, and behind it blocks and watermark are as
 * in {@link ReadTopics}.
 *
 * <p>Order: as in the partition, unless bounded. Duplicates: none within a job, whatever fails, on
 * a runner that keeps checkpoints. Partitions are those there are when the job starts. State: an
 * offset and a watermark for each partition. The counter {@code records_read} of the namespace
 * {@code millrace} counts records.
 *
 * <p>Nothing is skipped in silence: where the next record is neither landed nor in its topic, the
 * run fails with a {@link SourceException} that says so, and where a landed file is damaged, with a
 * {@link io.millrace.transforms.landing.LandingException}.
 *
 * <pre>{@code
 * PCollection<RecordBlock> blocks =
 *     pipeline.apply(
 *         ReadLog.landedIn("/data/landing")
 *             .goingOnWith(ReadTopics.from("broker:9092").topicPattern("shop\\.public\\..*")));
 * }</pre>
 *
 * @see <a href="https://beam.apache.org/documentation/programming-guide/#splittable-dofns">
 *     Splittable DoFns</a>
 */
public final class ReadLog {

  /** Reads all topics that were landed in a directory. */
  public static Records landedIn(String directory) {
    return landedIn(List.of(directory));
  }

  /**
   * Reads all topics that were landed in some directories; what several have of a partition, in the
   * first of them. So a compacted landing stands before that which it was made of.
   */
  public static Records landedIn(List<String> directories) {
    return new AutoValue_ReadLog_Records.Builder()
        .setSettings(new LogSettings(directories, null, new TopicSelection("", List.of(), null)))
        .setFrom(Start.earliest())
        .build();
  }

  /** Reads topics alone; for a log that ends at a bound. */
  public static Records of(ReadTopics.Records topics) {
    return new AutoValue_ReadLog_Records.Builder()
        .setSettings(new LogSettings(List.of(), topics, topics.topics()))
        .setFrom(topics.start())
        .build();
  }

  /** The records of a log, in blocks. */
  @AutoValue
  public abstract static class Records extends PTransform<PBegin, PCollection<RecordBlock>> {
    abstract LogSettings settings();

    abstract Start from();

    abstract @Nullable Start to();

    abstract Builder toBuilder();

    /** Reads only these of the landed topics. */
    public Records topics(List<String> names) {
      return with(new TopicSelection("", names.stream().distinct().toList(), null));
    }

    /**
     * Reads only the landed topics whose whole name matches.
     *
     * @throws PatternSyntaxException if it is not a regular expression
     */
    public Records topicPattern(String regularExpression) {
      Pattern.compile(regularExpression);
      return with(new TopicSelection("", List.of(), regularExpression));
    }

    private Records with(TopicSelection selection) {
      return toBuilder()
          .setSettings(new LogSettings(settings().landings(), settings().topics(), selection))
          .build();
    }

    /**
     * Goes on with these topics where they were not landed any further, and reads only what they
     * say of what was landed. Their event times and watermarks hold; their start and group do not.
     */
    public Records goingOnWith(ReadTopics.Records topics) {
      return toBuilder()
          .setSettings(new LogSettings(settings().landings(), topics, topics.topics()))
          .build();
    }

    /** Where to begin; by default with the first record, landed or in its topic. */
    public Records from(Start start) {
      return toBuilder().setFrom(start).build();
    }

    /**
     * Ends before what would be read from this start on; partitions for which that says nothing end
     * where they end when the job starts.
     *
     * @throws IllegalArgumentException if it is the earliest, before which nothing is
     */
    public Records upTo(Start end) {
      if (end.isEarliest()) {
        throw new IllegalArgumentException("upTo must not be earliest: nothing is before it");
      }
      return toBuilder().setTo(end).build();
    }

    private boolean isBounded() {
      return settings().topics() == null || to() != null;
    }

    /**
     * Looks for the log, so that a launcher can say in time what does not fit.
     *
     * @return the topics that will be read, sorted
     * @throws SourceException if a topic, or offsets that are to be read, are nowhere
     * @throws io.millrace.transforms.landing.LandingException if the landing cannot be read
     */
    public List<String> check() {
      return LogPartsFn.find(settings(), from(), to()).stream()
          .map(LogPart::topic)
          .distinct()
          .sorted()
          .toList();
    }

    @Override
    public PCollection<RecordBlock> expand(PBegin input) {
      PCollection<LogPart> parts =
          input
              .apply("Begin", Impulse.create())
              .apply("Parts", ParDo.of(new LogPartsFn(settings(), from(), to())))
              .setCoder(LogPartCoder.of())
              .apply("Spread", Reshuffle.viaRandomKey());
      PCollection<RecordBlock> blocks =
          isBounded()
              ? parts.apply("Read", ParDo.of(new ReadLogFn.Bounded(settings())))
              : parts.apply("Read", ParDo.of(new ReadLogFn.Unbounded(settings())));
      return blocks.setCoder(RecordBlockCoder.of());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .addIfNotDefault(DisplayData.item("landing", String.join(",", settings().landings())), "")
          .add(DisplayData.item("topicNames", String.join(", ", settings().selection().names())))
          .addIfNotNull(DisplayData.item("topicPattern", settings().selection().pattern()))
          .add(DisplayData.item("from", from().toString()))
          .addIfNotNull(DisplayData.item("upTo", to() == null ? null : to().toString()));
      if (settings().topics() != null) {
        settings().topics().populateDisplayData(builder);
      }
    }

    @AutoValue.Builder
    abstract static class Builder {
      abstract Builder setSettings(LogSettings settings);

      abstract Builder setFrom(Start from);

      abstract Builder setTo(Start to);

      abstract Records build();
    }
  }

  private ReadLog() {}
}
