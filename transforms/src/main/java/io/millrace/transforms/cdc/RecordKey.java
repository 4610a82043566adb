package io.millrace.transforms.cdc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.JsonValues;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The key of a row as text, the same for all changes of the row. */
final class RecordKey {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * The key of a row of this table; see {@link EncodeChanges#withRecordKeys}.
   *
   * @return null if a column of the key is
   */
  static @Nullable String of(Row row, TableContract table) {
    List<String> texts = new ArrayList<>();
    for (int index : table.keyColumns()) {
      ColumnContract column = table.columns().get(index);
      Object value = row.getValue(column.physicalName());
      if (value == null) {
        return null;
      }
      texts.add(text(value));
    }
    return texts.size() == 1 ? texts.get(0) : JsonValues.toJson(texts);
  }

  private static String text(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros().toPlainString();
    }
    String json = JsonValues.toJson(value);
    return json.startsWith("\"") ? unquoted(json) : json;
  }

  private static String unquoted(String json) {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new IllegalStateException("JSON could not be read: " + json, e);
    }
  }

  private RecordKey() {}
}
