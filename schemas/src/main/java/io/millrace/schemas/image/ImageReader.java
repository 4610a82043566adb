package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.schemas.contract.EventContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ScanReaders.ScanReader;
import io.millrace.schemas.wire.JsonFields;
import io.millrace.schemas.wire.JsonScanner;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads images of one table in one encoding into {@link Columns}, checking each value against the
 * contract. An instance is used by one thread at a time and keeps its buffers.
 */
public final class ImageReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int UNUSUAL_NAME = -2;

  /** What is asked of an image. */
  private enum Want {
    VALUES,
    CHECKS,
    WANTED
  }

  private final List<ColumnContract> columns;
  private final ValueReader[] readers;
  private final ScanReader[] scanReaders;
  private final byte[][] tokens;
  private final boolean[] wanted;
  private final ColumnNames names;
  private final JsonScanner scanner = new JsonScanner();
  private final Columns result;
  private final UnknownColumnReader unknownColumns;
  private final Placeholder placeholder;
  private final boolean placeholders;

  /** A reader of a table's images that are encoded so, to which the key's columns matter most. */
  public ImageReader(TableContract table, ImageEncoding encoding, UnknownColumns unknownColumns) {
    this(table, encoding, unknownColumns, table.keyColumns());
  }

  /**
   * A reader of a table's images that are encoded so.
   *
   * @param wantedColumns the indexes of the columns that matter most: {@link #check} and {@link
   *     #readWanted} read these
   */
  public ImageReader(
      TableContract table,
      ImageEncoding encoding,
      UnknownColumns unknownColumns,
      Collection<Integer> wantedColumns) {
    this.columns = table.columns();
    this.wanted = new boolean[columns.size()];
    wantedColumns.forEach(index -> wanted[index] = true);
    this.names = new ColumnNames(table);
    this.readers = new ValueReader[columns.size()];
    this.scanReaders = new ScanReader[readers.length];
    this.tokens = new byte[readers.length][];
    String[] told = names.inOrder(encoding.columns());
    Map<String, String> modes = Modes.of(encoding.format(), table.customProperties());
    for (int i = 0; i < readers.length; i++) {
      ColumnContract column = columns.get(i);
      String known = ValueReaders.encoding(column, told[i]);
      tokens[i] = JsonFields.token(column.physicalName());
      readers[i] = ValueReaders.of(column.type(), known, modes);
      scanReaders[i] = ScanReaders.of(column.type(), known, modes);
    }
    this.result = new Columns(table);
    this.placeholders = Modes.hasPlaceholders(encoding.format());
    this.placeholder =
        new Placeholder(
            table
                .customProperties()
                .getOrDefault("unavailable.value.placeholder", "__debezium_unavailable_value"));
    this.unknownColumns =
        new UnknownColumnReader(
            unknownColumns, EventContract.typeField(table), placeholders ? placeholder : null);
  }

  /**
   * Reads all columns of an image.
   *
   * @return the columns, good until this reader reads again
   * @throws RejectedRecordException if the image is no JSON object, or a value does not fit its
   *     column; the message names the column
   */
  public Columns read(Image image) {
    return read(image, Want.VALUES);
  }

  /**
   * Reads the columns that matter most, mostly the key's, and checks all others, of whose values
   * only which are null is to be relied on.
   */
  public Columns check(Image image) {
    return read(image, Want.CHECKS);
  }

  /**
   * Checks the image that a scanner is at, as {@link #check(Image)} does, and moves over it.
   *
   * @return false if it must be read by itself, which also finds what is wrong with it; the
   *     scanner's position is undefined then
   */
  public boolean check(JsonScanner json) {
    result.clear();
    return scan(json, Want.CHECKS);
  }

  /** What was read last. */
  public Columns columns() {
    return result;
  }

  /** Reads the columns that matter most, mostly the key's, only, and looks at no other. */
  public Columns readWanted(Image image) {
    return read(image, Want.WANTED);
  }

  private Columns read(Image image, Want want) {
    result.clear();
    if (want != Want.VALUES) {
      scanner.reset(image.buffer(), image.offset(), image.length());
      if (scan(scanner, want) && scanner.atEnd()) {
        return result;
      }
    }
    result.clear();
    try (JsonParser parser = JSON.createParser(image.buffer(), image.offset(), image.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RejectedRecordException(Reason.MALFORMED, "a row image is not a JSON object");
      }
      int expected = 0;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        int column = names.find(name, expected);
        boolean skipped = want == Want.WANTED && (column < 0 || !wanted[column]);
        if (skipped) {
          parser.skipChildren();
        } else if (column >= 0) {
          readColumn(parser, column, want == Want.VALUES);
        } else {
          unknownColumns.read(parser, name, want == Want.VALUES, result);
        }
        expected = column + 1;
      }
      if (parser.nextToken() != null) {
        throw new RejectedRecordException(
            Reason.MALFORMED, "not one JSON object: more follows the row");
      }
      return result;
    } catch (StreamConstraintsException e) {
      throw new RejectedRecordException(
          Reason.TOO_LARGE,
          "a row is larger or nested deeper than allowed: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "a row image is not JSON: " + e.getMessage());
    }
  }

  /**
   * Reads an image whose form is the common one; single values may be of another.
   *
   * @return false if the image must be parsed, which also finds what is wrong with it
   */
  private boolean scan(JsonScanner json, Want want) {
    if (!json.take('{')) {
      return false;
    }
    if (json.take('}')) {
      return true;
    }
    try {
      int expected = 0;
      do {
        int column = scannedIndex(json, expected);
        if (column == UNUSUAL_NAME) {
          return false;
        }
        boolean skipped = want == Want.WANTED && (column < 0 || !wanted[column]);
        if (!(skipped ? json.skip() : column >= 0 ? scanColumn(json, column) : scanUnknown(json))) {
          return false;
        }
        expected = column + 1;
      } while (json.take(','));
      return json.take('}');
    } catch (IOException | RejectedRecordException e) {
      return false;
    }
  }

  /** The index of the column whose name the scanner moves over; negative if it has none. */
  private int scannedIndex(JsonScanner json, int expected) {
    if (expected < tokens.length && json.take(tokens[expected])) {
      return expected;
    }
    if (!json.name()) {
      return UNUSUAL_NAME;
    }
    String name = json.copyText();
    int column = names.find(name);
    if (column != ColumnNames.NONE && !columns.get(column).physicalName().equals(name)) {
      // A name in another case is likely to be so in the next row too.
      tokens[column] = JsonFields.token(name);
    }
    return column;
  }

  private boolean scanColumn(JsonScanner json, int index) throws IOException {
    int start = json.position();
    Object value;
    if (json.takeNull()) {
      return result.set(index, null);
    } else if (json.peek() != '"') {
      value = scanReaders[index].readOther(json, wanted[index]);
    } else if (json.text()) {
      if (placeholders && placeholder.isText(json)) {
        return true;
      }
      value = scanReaders[index].readText(json, wanted[index]);
    } else {
      value = null;
    }
    if (value != null) {
      return result.set(index, value);
    }
    try (JsonParser parser = parserFrom(json, start)) {
      if (parser != null) {
        readColumn(parser, index, false);
      }
      return parser != null;
    }
  }

  private boolean scanUnknown(JsonScanner json) throws IOException {
    String name = json.copyText();
    try (JsonParser parser = parserFrom(json, json.position())) {
      if (parser != null) {
        unknownColumns.read(parser, name, false, result);
      }
      return parser != null;
    }
  }

  /** A parser of the one value that begins here, which the scanner moves over. */
  private @Nullable JsonParser parserFrom(JsonScanner json, int start) throws IOException {
    json.seek(start);
    if (!json.skip()) {
      return null;
    }
    JsonParser parser = JSON.createParser(json.buffer(), start, json.position() - start);
    parser.nextToken();
    return parser;
  }

  private void readColumn(JsonParser parser, int index, boolean keep) throws IOException {
    JsonToken token = parser.currentToken();
    ColumnContract column = columns.get(index);
    boolean isNew;
    if (token == JsonToken.VALUE_NULL) {
      isNew = result.set(index, null);
    } else if (token == JsonToken.VALUE_STRING && placeholders && placeholder.isAt(parser)) {
      return;
    } else {
      try {
        Object value = readValue(parser, index, keep || wanted[index]);
        if (value == null) {
          return;
        }
        isNew = result.set(index, value == ValueReader.NULL ? null : value);
      } catch (BadValueException e) {
        throw new RejectedRecordException(
            Reason.BAD_VALUE,
            "column " + column.physicalName() + " (" + column.type() + "): " + e.getMessage());
      }
    }
    if (!isNew) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE,
          "column "
              + column.physicalName()
              + " stands twice in the row"
              + (names.inAnyCase() ? " (names that differ only by case are one)" : "")
              + (column.isDerived()
                  ? "; it is the source's and the contract derives it: give that another name"
                  : ""));
    }
  }

  /** The value at the parser, or null if it stands for an unchanged column. */
  private Object readValue(JsonParser parser, int index, boolean keep) throws IOException {
    if (columns.get(index).type().kind() != Kind.ARRAY || !placeholders) {
      return readers[index].read(parser, keep);
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw BadValueException.of(parser.getText(), "is not an array");
    }
    String json = TextReaders.copy(parser);
    if (placeholder.isArray(json)) {
      return null;
    }
    try (JsonParser again = JSON.createParser(json)) {
      again.nextToken();
      return readers[index].read(again, keep);
    }
  }
}
