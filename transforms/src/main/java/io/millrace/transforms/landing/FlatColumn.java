package io.millrace.transforms.landing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Walks over the values of a column that is not repeated: byte arrays or longs, as a landing's
 * files have them. Plain values, which nearly all are, are shown where they are in their page,
 * without the objects that a {@code ColumnReader} makes of each.
 *
 * <p>Format: <a href="https://parquet.apache.org/docs/file-format/data-pages/">data pages</a> of
 * version 1, <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">plain</a>
 * or by a dictionary.
 */
final class FlatColumn {
  private final ColumnDescriptor column;
  private final PageReader pages;
  private final @Nullable Dictionary dictionary;
  private int leftInPage;

  /** The page, from its next value on where they are plain. */
  private ByteBuffer page = ByteBuffer.allocate(0);

  /** The page, at the value that was taken last. */
  private ByteBuffer value = page;

  /** Reads the page's values; null where they are plain. */
  private @Nullable ValuesReader coded;

  /** Tells which rows of the page have a value; null if all have. */
  private @Nullable RunLengthBitPackingHybridDecoder presence;

  /** Stands before the first row. */
  FlatColumn(ColumnDescriptor column, PageReader pages) throws IOException {
    this.column = column;
    this.pages = pages;
    DictionaryPage values = pages.readDictionaryPage();
    this.dictionary = values == null ? null : values.getEncoding().initDictionary(column, values);
  }

  /**
   * Moves to the next row.
   *
   * @return whether it has a value, which is to be taken then
   */
  boolean next() throws IOException {
    while (leftInPage == 0) {
      readPage();
    }
    leftInPage--;
    return presence == null || presence.readInt() == 1;
  }

  /** Takes the row's number. */
  long takeLong() {
    return coded == null ? page.getLong() : coded.readLong();
  }

  /** Takes the row's bytes: backed by an array, and good until the next row. */
  ByteBuffer takeBytes() {
    if (coded != null) {
      ByteBuffer bytes = coded.readBytes().toByteBuffer();
      return bytes.hasArray() ? bytes : copy(bytes);
    }
    int length = page.getInt();
    int start = page.position();
    value.limit(start + length).position(start);
    page.position(start + length);
    return value;
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  private void readPage() throws IOException {
    DataPage read = pages.readPage();
    if (!(read instanceof DataPageV1 data)) {
      throw new IOException(
          String.join(".", column.getPath())
              + (read == null ? " ends too soon" : " has a page of version 2"));
    }
    leftInPage = data.getValueCount();
    ByteBufferInputStream in = data.getBytes().toInputStream();
    ByteBuffer bytes = in.slice(in.available());
    page = (bytes.hasArray() ? bytes : copy(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    value = page.duplicate();
    presence = null;
    if (column.getMaxDefinitionLevel() > 0) {
      int length = page.getInt();
      ByteBuffer levels = page.slice().limit(length);
      page.position(page.position() + length);
      presence = new RunLengthBitPackingHybridDecoder(1, ByteBufferInputStream.wrap(levels));
    }
    Encoding encoding = data.getValueEncoding();
    coded = encoding == Encoding.PLAIN ? null : coded(encoding);
  }

  private ValuesReader coded(Encoding encoding) throws IOException {
    ValuesReader reader =
        encoding.usesDictionary()
            ? encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, dictionary)
            : encoding.getValuesReader(column, ValuesType.VALUES);
    reader.initFromPage(leftInPage, ByteBufferInputStream.wrap(page.slice()));
    return reader;
  }
}
