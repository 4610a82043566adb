package io.millrace.schemas.image;

import io.millrace.schemas.contract.TableContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The columns of one image, by their index in the contract: the value of each (null is a value),
 * and whether the image supplies it at all. Used again for image after image.
 */
public final class Columns {
  private final TableContract table;
  private final @Nullable Object[] values;
  private final boolean[] supplied;
  private int count;
  private int unknown;
  private @Nullable StringBuilder extra;

  public Columns(TableContract table) {
    this.table = table;
    this.values = new Object[table.columns().size()];
    this.supplied = new boolean[values.length];
  }

  void clear() {
    Arrays.fill(values, null);
    Arrays.fill(supplied, false);
    count = 0;
    unknown = 0;
    extra = null;
  }

  /** Sets a column; false if it was set before. */
  boolean set(int column, @Nullable Object value) {
    if (supplied[column]) {
      return false;
    }
    supplied[column] = true;
    values[column] = value;
    count++;
    return true;
  }

  /** Takes columns outside the key that are null for columns that the image does not supply. */
  public void forgetNulls() {
    for (int i = 0; i < values.length; i++) {
      if (supplied[i] && values[i] == null && !table.columns().get(i).isKey()) {
        supplied[i] = false;
        count--;
      }
    }
  }

  /** Notes a column that the contract does not know. */
  void addUnknown() {
    unknown++;
  }

  void addExtra(String name, String json) {
    StringBuilder object = extra == null ? new StringBuilder("{") : extra.append(',');
    object
        .append('"')
        .append(com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance().quoteAsString(name));
    object.append("\":").append(json);
    extra = object;
  }

  /** The value of a column, in the Java class its type states; null also where not supplied. */
  public @Nullable Object value(int column) {
    return values[column];
  }

  /** Whether the image supplies the column. */
  public boolean isSupplied(int column) {
    return supplied[column];
  }

  /** How many columns that the contract does not know the image has. */
  public int unknown() {
    return unknown;
  }

  /** A JSON object of the columns that the contract does not know, or null if none was kept. */
  public @Nullable String extra() {
    return extra == null ? null : extra + "}";
  }

  /** The source's names of the columns outside the key that the image does not supply, sorted. */
  public List<String> unchanged() {
    if (count == values.length) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (int i : IntStream.range(0, values.length).filter(i -> !supplied[i]).toArray()) {
      if (!table.columns().get(i).isKey()) {
        names.add(table.columns().get(i).physicalName());
      }
    }
    names.sort(null);
    return List.copyOf(names);
  }
}
