package io.millrace.transforms.read;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RecordBlock;
import java.util.List;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads files of lines (JSONL) or of Avro in blocks of some 128 KB, each record a line.
 *
 * <p>A pattern is a name or a glob as Beam's file systems understand it; several may stand in one
 * text, separated by commas. A file that more than one pattern matches is read once. The name says
 * whether a file is compressed ({@code .gz} and whatever else Beam knows).
 *
 * <p>A line ends with {@code LF} or {@code CRLF} or with the file. Empty lines are skipped, and so
 * is a UTF-8 byte order mark. A record has no key; its value is the line's bytes as they are, its
 * offset the line's first byte in the (decompressed) file, its timestamp the time of reading. Its
 * line number counts every line from 1, in a file that is larger than 1 GiB only up to the end of
 * the first split ({@link io.millrace.schemas.Origin#NO_LINE} beyond), since numbering the others
 * takes reading all that is before.
 *
 * <p>A file whose name ends in {@code .avro} is an Avro object container instead. Each of its
 * records is one here: its value the JSON that it would be in a line, its offset the number of
 * records before it, its line that number and one. Such a file is never split.
 *
 * <p>Order: within a split, of at most 64 MB, as in the file. Duplicates: none, but on Flink a
 * bounded source in streaming mode begins a split again after a failure. All blocks have the least
 * timestamp there is, so nothing read here is ever late. The counter {@code records_read} of the
 * namespace {@code millrace} counts records.
 *
 * <p>Nothing is cut or left out in silence: a line longer than allowed, a damaged or shrinking file
 * fails the run with a {@link SourceException} that names the file and the place.
 *
 * <pre>{@code
 * PCollection<RecordBlock> blocks = pipeline.apply(ReadFiles.matching("changes/*.jsonl.gz"));
 * }</pre>
 */
public final class ReadFiles {
  private static final int MAX_LINE_BYTES = 16 << 20;
  private static final long MAX_NUMBERED_BYTES = 1L << 30;

  /**
   * Reads all files that match.
   *
   * @param patterns names or globs; each may be several, separated by commas
   * @throws IllegalArgumentException if there is no pattern
   */
  public static Lines matching(String... patterns) {
    List<String> all = FilePatterns.split(patterns);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("At least one file or pattern is needed");
    }
    return new AutoValue_ReadFiles_Lines(all, MAX_LINE_BYTES);
  }

  /** The lines of some files, in blocks. */
  @AutoValue
  public abstract static class Lines extends PTransform<PBegin, PCollection<RecordBlock>> {
    abstract List<String> patterns();

    abstract int maxLineBytes();

    /**
     * Allows longer or only shorter lines than 16 MiB; a longer one fails the run. A worker needs
     * memory for several copies of its longest line.
     *
     * @throws IllegalArgumentException if {@code bytes} is not from 1 to 512 MiB
     */
    public Lines withMaxLineBytes(int bytes) {
      if (bytes < 1 || bytes > 512 << 20) {
        throw new IllegalArgumentException("maxLineBytes must be 1 to 536870912, got " + bytes);
      }
      return new AutoValue_ReadFiles_Lines(patterns(), bytes);
    }

    /**
     * Makes sure that there is something to read, so that a launcher can say in time what is not.
     *
     * @throws SourceException if a pattern matches no file or is a directory, or if the files
     *     cannot be listed
     */
    public void check() {
      FilePatterns.match(patterns());
    }

    @Override
    public PCollection<RecordBlock> expand(PBegin input) {
      check();
      FileSource.Settings settings =
          new FileSource.Settings(patterns(), maxLineBytes(), MAX_NUMBERED_BYTES);
      return input.apply("Read", Read.from(new FileSource(settings)));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("patterns", String.join(", ", patterns())).withLabel("Files"));
      builder.add(
          DisplayData.item("maxLineBytes", maxLineBytes()).withLabel("Longest line, in bytes"));
    }
  }

  private ReadFiles() {}
}
