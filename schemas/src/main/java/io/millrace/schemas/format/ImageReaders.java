package io.millrace.schemas.format;

import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ImageReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The readers of one table's images, one for each encoding that was met. */
final class ImageReaders {
  /** Schemas change seldom; this only bounds what a stream of ever new ones could take. */
  private static final int MOST = 1_000;

  private final TableContract table;
  private final UnknownColumns unknownColumns;
  private final Collection<Integer> wantedColumns;
  private final Map<ImageEncoding, ImageReader> readers = new HashMap<>();
  private @Nullable ImageEncoding lastEncoding;
  private @Nullable ImageReader last;

  ImageReaders(TableContract table, UnknownColumns unknownColumns) {
    this(table, unknownColumns, table.keyColumns());
  }

  /**
   * Readers of a table's images.
   *
   * @param wantedColumns the indexes of the columns that matter most
   */
  ImageReaders(
      TableContract table, UnknownColumns unknownColumns, Collection<Integer> wantedColumns) {
    this.table = table;
    this.unknownColumns = unknownColumns;
    this.wantedColumns = wantedColumns;
  }

  /** The reader of the last image, which the next is likely to need too. */
  @Nullable ImageReader last() {
    return last;
  }

  ImageReader of(Image image) {
    if (last != null && image.encoding().equals(lastEncoding)) {
      return last;
    }
    ImageReader reader = readers.get(image.encoding());
    if (reader == null) {
      reader = new ImageReader(table, image.encoding(), unknownColumns, wantedColumns);
      if (readers.size() >= MOST) {
        readers.clear();
      }
      readers.put(image.encoding(), reader);
    }
    last = reader;
    lastEncoding = image.encoding();
    return reader;
  }
}
