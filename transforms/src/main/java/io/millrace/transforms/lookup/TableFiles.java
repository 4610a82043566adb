package io.millrace.transforms.lookup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.millrace.transforms.lake.ParquetRows;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Tables that are read from files, wherever Beam's file systems find them: {@code customers.csv},
 * {@code gs://bucket/customers/*.parquet}. A pattern may match many files, which are one table;
 * each is taken as it is when it is read, so put a new one in its place whole, by renaming it. A
 * file of text may be compressed, as its name tells ({@code .gz}, {@code .zst}, …).
 *
 * <p>A file that is missing, or a row that cannot be read, fails the load: see {@link LookUp}.
 */
public final class TableFiles {
  private static final ObjectReader JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .readerFor(JsonNode.class);
  private static final ObjectReader CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build()
          .readerForMapOf(String.class)
          .with(CsvSchema.emptySchema().withHeader());

  /**
   * Rows of JSON, in UTF-8, a value to a line (<a href="https://jsonlines.org/">JSON Lines</a>).
   *
   * @param row makes a row and its key of a value
   */
  public static <K, R> TableSource<K, R> jsonLines(
      String pattern, SerializableFunction<JsonNode, KV<K, R>> row) {
    return new Files<>(pattern, new Text<>(true, row));
  }

  /**
   * Rows of CSV, in UTF-8, after a line with the columns' names (<a
   * href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>). A row has every column.
   *
   * @param row makes a row and its key of the texts by column
   */
  public static <K, R> TableSource<K, R> csv(
      String pattern, SerializableFunction<Map<String, String>, KV<K, R>> row) {
    return new Files<>(pattern, new Text<>(false, row));
  }

  /**
   * Rows of <a href="https://parquet.apache.org/docs/file-format/">Parquet</a>.
   *
   * @param row makes a row and its key of the values by column, which are of the classes that
   *     {@link ParquetRows} states
   */
  public static <K, R> TableSource<K, R> parquet(
      String pattern, SerializableFunction<Map<String, @Nullable Object>, KV<K, R>> row) {
    return new Files<>(pattern, new Parquet<>(row));
  }

  /** Reads one file. */
  private interface Format<K, R> extends java.io.Serializable {
    void read(ResourceId file, Consumer<KV<K, R>> rows) throws IOException;
  }

  private record Files<K, R>(String pattern, Format<K, R> format) implements TableSource<K, R> {
    private static final long serialVersionUID = 1L;

    @Override
    public void read(Consumer<KV<K, R>> rows) throws IOException {
      for (ResourceId file : files()) {
        format.read(file, rows);
      }
    }

    private List<ResourceId> files() throws IOException {
      MatchResult match = FileSystems.match(pattern);
      if (match.status() == MatchResult.Status.NOT_FOUND || match.metadata().isEmpty()) {
        throw new FileNotFoundException("no file matches " + pattern);
      }
      return match.metadata().stream().map(MatchResult.Metadata::resourceId).toList();
    }

    @Override
    public String toString() {
      return pattern;
    }
  }

  private record Text<N, K, R>(boolean isJson, SerializableFunction<N, KV<K, R>> row)
      implements Format<K, R> {
    private static final long serialVersionUID = 1L;

    @Override
    public void read(ResourceId file, Consumer<KV<K, R>> rows) throws IOException {
      try (InputStream in = open(file);
          MappingIterator<N> values = (isJson ? JSON : CSV).readValues(in)) {
        while (values.hasNextValue()) {
          rows.accept(row.apply(values.nextValue()));
        }
      } catch (JsonProcessingException e) {
        throw new IOException(
            "%s, line %d: %s"
                .formatted(
                    file,
                    e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                    e.getOriginalMessage()),
            e);
      }
    }

    private static InputStream open(ResourceId file) throws IOException {
      ReadableByteChannel bytes = FileSystems.open(file);
      return Channels.newInputStream(
          Compression.detect(String.valueOf(file.getFilename())).readDecompressed(bytes));
    }
  }

  private record Parquet<K, R>(SerializableFunction<Map<String, @Nullable Object>, KV<K, R>> row)
      implements Format<K, R> {
    private static final long serialVersionUID = 1L;

    @Override
    public void read(ResourceId file, Consumer<KV<K, R>> rows) throws IOException {
      ParquetRows.read(file, values -> rows.accept(row.apply(values)));
    }
  }

  private TableFiles() {}
}
