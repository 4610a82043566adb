package io.millrace.transforms.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.GroupType;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the values of a column of lists, as {@link ColumnReader} does those of others.
 *
 * @see <a href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists">Lists
 *     in Parquet</a>
 */
final class ListReader extends GroupConverter {
  private final Consumer<Object> lists;
  private final ElementReader elements;
  private List<@Nullable Object> list = new ArrayList<>();

  /** Reads lists of this type; what it does not have of a list's form fails as damaged. */
  ListReader(GroupType type, Consumer<Object> lists) {
    this.lists = lists;
    this.elements = new ElementReader(type.getType(0).asGroupType());
  }

  @Override
  public Converter getConverter(int field) {
    return elements;
  }

  @Override
  public void start() {
    list = new ArrayList<>();
  }

  @Override
  public void end() {
    lists.accept(list);
  }

  /** Reads the group around an element, which is there also where the element is null. */
  private final class ElementReader extends GroupConverter {
    private final Converter values;
    private @Nullable Object value;

    ElementReader(GroupType type) {
      values = ColumnReader.of(type.getType(0), next -> value = next);
    }

    @Override
    public Converter getConverter(int field) {
      return values;
    }

    @Override
    public void start() {
      value = null;
    }

    @Override
    public void end() {
      list.add(value);
    }
  }
}
