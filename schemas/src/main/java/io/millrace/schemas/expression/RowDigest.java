package io.millrace.schemas.expression;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The digest of a row: 128 bits of SHA-256, as 22 characters. Equal values have equal digests
 * however the source wrote them. Nulls do not count, so that a column that a contract comes to know
 * leaves the digests of rows as they are in which it is null.
 */
public final class RowDigest {
  private static final int BYTES = 16;

  /**
   * The digest of a row.
   *
   * @param before what counts beside the row
   * @param row the values by their columns, in the Java classes that {@link
   *     io.millrace.schemas.contract.ColumnType.Kind} states
   */
  public static String of(List<String> before, SortedMap<String, @Nullable Object> row) {
    List<@Nullable Object> values = new ArrayList<>(before);
    for (Map.Entry<String, @Nullable Object> column : row.entrySet()) {
      if (column.getValue() != null) {
        values.add(column.getKey());
        values.add(scalar(column.getValue()));
      }
    }
    byte[] digest = HexFormat.of().parseHex(Digests.hash(values.toArray()));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(java.util.Arrays.copyOf(digest, BYTES));
  }

  private static @Nullable Object scalar(@Nullable Object value) {
    return value instanceof List<?> array
        ? Digests.hash(array.stream().map(RowDigest::scalar).toArray())
        : Scalars.ofColumn(value);
  }

  private RowDigest() {}
}
