package io.millrace.transforms.lake;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.EventReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads back what {@link WriteLake} has committed to a directory, as the records that it came from:
 * with the same topic, partition and offset, or file, byte and line, and the time at which they
 * came to the topic.
 *
 * <p>A record's value is JSON that is made of its row, by the contract, so that whoever parses it
 * finds the values that were found in the original: decimals with the digits of their column in the
 * lake, times to the nanosecond, columns that the contract did not know, and of late those that it
 * has come to know. A column that the contract derives is derived again.
 *
 * <p>Bounded: it reads the files that the manifest names when the pipeline is made, each whole, by
 * one worker. Order: within a file, as it was written; otherwise none. Duplicates: none that were
 * not at different offsets. All blocks, of some 128 KB, have the least timestamp there is, so
 * nothing read here is ever late. No state. The counter {@code records_read} of the namespace
 * {@code millrace} counts records.
 *
 * <p>Nothing is left out in silence: a file that is missing or damaged fails the run with a {@link
 * LakeException} that names it.
 *
 * <pre>{@code
 * PCollection<RecordBlock> blocks = pipeline.apply(ReadLake.events("lake", contract));
 * blocks.apply(ParseEvents.of(contract));
 * }</pre>
 */
public final class ReadLake {

  /**
   * Reads the business events of a contract from the tables of their names.
   *
   * @param directory that {@link WriteLake} wrote to
   * @throws IllegalArgumentException if the contract has no business event
   */
  public static Events events(String directory, Contract contract) {
    EventReader.requireEvents(contract);
    return new AutoValue_ReadLake_Events(directory, contract);
  }

  /** The business events of a lake, in blocks. */
  @AutoValue
  public abstract static class Events extends PTransform<PBegin, PCollection<RecordBlock>> {
    abstract String directory();

    abstract Contract contract();

    /**
     * Makes sure that there is something to read, so that a launcher can say in time what is not.
     *
     * @throws LakeException if there is no lake, or none of the contract's events in it, or if a
     *     file of them is missing or not as long as it was
     */
    public void check() {
      LakeManifest lake = LakeManifest.read(directory());
      if (lake.isEmpty()) {
        throw new LakeException(
            "there is no lake in "
                + directory()
                + "; replicate --format=events --lake=DIR makes one");
      }
      LakeManifest ofEvents = lake.of(names());
      if (ofEvents.files().isEmpty()) {
        throw new LakeException(
            "the lake in "
                + directory()
                + " holds no event of the contract ("
                + String.join(", ", names())
                + "); it holds "
                + (lake.files().isEmpty()
                    ? "nothing yet"
                    : String.join(", ", lake.tables().keySet()))
                + "; land them with replicate --format=events, and the same names of tables");
      }
      List<String> faults = ofEvents.check();
      if (!faults.isEmpty()) {
        throw new LakeException(
            faults.size()
                + " of "
                + ofEvents.files().size()
                + " files of events in the lake are not as they were written: "
                + faults.get(0)
                + (faults.size() > 1 ? ", and others" : "")
                + "; bring them back from a copy");
      }
    }

    private Set<String> names() {
      return contract().events().stream()
          .map(TableContract::name)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public PCollection<RecordBlock> expand(PBegin input) {
      List<LakeFile> files = LakeManifest.read(directory()).of(names()).files();
      return input
          .apply("Files", Create.of(files).withCoder(SerializableCoder.of(LakeFile.class)))
          .apply("Spread", Reshuffle.viaRandomKey())
          .apply("Read", ParDo.of(new ReadFileFn(directory(), contract().events())))
          .setCoder(RecordBlockCoder.of());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("directory", directory()).withLabel("Lake"));
    }
  }

  private ReadLake() {}
}
