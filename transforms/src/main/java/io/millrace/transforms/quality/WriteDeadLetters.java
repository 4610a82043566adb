package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes dead letters to files of JSON lines (see {@link DeadLetters}), in folders {@code
 * stage=PARSE/date=2026-01-31}, the date being that of the rejection, in UTC.
 *
 * <p>They are written by the end of the bundle they came in, and so before any checkpoint that
 * covers them: a run that is killed and started again from the offsets it committed has lost none.
 * For the same reason nothing here waits in a window or in state. A bundle that is retried writes
 * again, so a dead letter may stand there twice. Order: none.
 *
 * <p>On a local file system each worker thread appends to a file of its own a folder, a new one
 * after 128 MB. Files and folders that are made are for their owner only, since dead letters hold
 * personal data; a directory that is there already keeps its permissions. Other file systems cannot
 * append: a bundle with dead letters makes a file, and the target's own access rules protect it.
 *
 * <p>The counter {@code dead_letters_written} of the namespace {@code millrace} counts them.
 *
 * <pre>{@code
 * parsed.deadLetters().apply(WriteDeadLetters.to("/var/millrace/dead-letters"));
 * }</pre>
 */
@AutoValue
public abstract class WriteDeadLetters extends PTransform<PCollection<DeadLetter>, PDone> {
  abstract String directory();

  /** Writes to a directory, which is made when it is needed. */
  public static WriteDeadLetters to(String directory) {
    return new AutoValue_WriteDeadLetters(directory);
  }

  /**
   * Makes the directory if it is local and not there yet, so that a launcher can say in time that
   * it cannot be written to.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public void check() {
    try (DeadLetterFiles files = DeadLetterFiles.in(directory())) {
      files.check();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Dead letters cannot be written to " + directory() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public PDone expand(PCollection<DeadLetter> input) {
    input.apply("Write", ParDo.of(new WriteFn(directory())));
    return PDone.in(input.getPipeline());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("directory", directory()).withLabel("Directory"));
  }

  static final class WriteFn extends DoFn<DeadLetter, Void> {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final RunCounter written = RunCounter.named("dead_letters_written");
    private transient DeadLetterFiles files;
    private transient long count;

    WriteFn(String directory) {
      this.directory = directory;
    }

    @Setup
    public void setup() {
      files = DeadLetterFiles.in(directory);
    }

    @ProcessElement
    public void process(@Element DeadLetter letter) throws IOException {
      files.append(folder(letter), DeadLetters.toJson(letter));
      count++;
    }

    @FinishBundle
    public void finish() throws IOException {
      files.flush();
      written.add(count);
      count = 0;
    }

    @Teardown
    public void teardown() throws IOException {
      if (files != null) {
        files.close();
      }
    }

    private static String folder(DeadLetter letter) {
      Instant rejectedAt = Instant.ofEpochMilli(letter.rejectedAtMillis());
      return "stage=" + letter.stage() + "/date=" + rejectedAt.atZone(ZoneOffset.UTC).toLocalDate();
    }
  }
}
