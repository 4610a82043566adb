package io.millrace.transforms.lake;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the rows of any flat Parquet file, wherever Beam's file systems find it.
 *
 * <p>Values come as {@link Boolean}, {@link Integer}, {@link Long}, {@link Float}, {@link Double},
 * {@link java.math.BigDecimal}, {@link String} (text, JSON, enumerations and UUIDs), {@code
 * byte[]}, {@link java.time.LocalDate}, {@link java.time.LocalTime}, {@link java.time.Instant}
 * (timestamps that are adjusted to UTC), {@link java.time.LocalDateTime} (others), or {@link List}
 * of these.
 */
public final class ParquetRows {

  /**
   * Reads a file.
   *
   * @param rows takes the values of each row by column, null where there is none; each row is a map
   *     of its own
   * @throws IOException if it cannot be read
   * @throws LakeException if it has a column of a type that is none of these
   */
  public static void read(ResourceId file, Consumer<Map<String, @Nullable Object>> rows)
      throws IOException {
    long length = length(file);
    try (ChangeFileReader reader =
        new ChangeFileReader(new ChannelInputFile(() -> FileSystems.open(file), length))) {
      List<String> names = reader.names();
      while (reader.next()) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
          row.put(names.get(i), reader.value(i));
        }
        rows.accept(row);
      }
    }
  }

  private static long length(ResourceId file) throws IOException {
    MatchResult match = FileSystems.matchResources(List.of(file)).get(0);
    return match.metadata().get(0).sizeBytes();
  }

  private ParquetRows() {}
}
