package io.millrace.schemas.image;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Decodes the columns of business events of one type, all or some: what is not asked for is passed
 * over and costs next to nothing. An instance may be part of a {@code DoFn}; it is used by one
 * thread at a time.
 *
 * <pre>{@code
 * EventRows amounts = EventRows.of(purchase, "customer_id", "amount");
 * Object[] values = amounts.values(event);
 * }</pre>
 */
public final class EventRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Schemas change seldom; this only bounds what a stream of ever new ones could take. */
  private static final int MOST_READERS = 1_000;

  private final TableContract event;
  private final ArrayList<Integer> indexes;
  private final Schema schema;
  private transient @Nullable Map<ImageEncoding, ImageReader> readers;

  private EventRows(TableContract event, List<Integer> indexes) {
    this.event = event;
    this.indexes = new ArrayList<>(indexes);
    this.schema = RowTypes.schema(indexes.stream().map(event.columns()::get).toList());
  }

  /** Decodes all columns of an event, in the contract's order. */
  public static EventRows of(TableContract event) {
    return of(event, event.columns().stream().map(ColumnContract::name).toArray(String[]::new));
  }

  /**
   * Decodes some columns of an event, in this order.
   *
   * @param columns their names in the contract ({@code name})
   * @throws IllegalArgumentException if the event has no such column
   */
  public static EventRows of(TableContract event, String... columns) {
    List<String> names = event.columns().stream().map(ColumnContract::name).toList();
    List<Integer> indexes = new ArrayList<>();
    for (String column : columns) {
      if (!names.contains(column)) {
        throw new IllegalArgumentException(
            "Event " + event.name() + " has no column " + column + "; it has " + names);
      }
      indexes.add(names.indexOf(column));
    }
    return new EventRows(event, indexes);
  }

  /**
   * The columns' names and types. Times with a zone are {@code NanosInstant}, without one {@code
   * SqlTypes.DATETIME}, dates and times of the day {@code SqlTypes.DATE} and {@code TIME}; all may
   * be null. Times of the day with a zone are text.
   */
  public Schema schema() {
    return schema;
  }

  /**
   * The columns' values, each of the Java class that {@link
   * io.millrace.schemas.contract.ColumnType.Kind} states; null where the event has none. The array
   * is the caller's.
   *
   * @throws io.millrace.schemas.RejectedRecordException if the event does not fit this contract,
   *     say because it was parsed by another
   */
  public @Nullable Object[] values(BusinessEvent business) {
    Image image = business.image();
    Columns columns = reader(image.encoding()).readWanted(image);
    @Nullable Object[] values = new Object[indexes.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.value(indexes.get(i));
    }
    return values;
  }

  /**
   * The columns as a row of the {@link #schema}. A decimal that is no number (NaN, the infinities)
   * is null there; {@link #values} has it.
   *
   * @throws io.millrace.schemas.RejectedRecordException as {@link #values} does
   */
  public Row row(BusinessEvent business) {
    @Nullable Object[] values = values(business);
    for (int i = 0; i < values.length; i++) {
      values[i] = RowTypes.value(event.columns().get(indexes.get(i)).type(), values[i]);
    }
    return Row.withSchema(schema).attachValues(values);
  }

  private ImageReader reader(ImageEncoding encoding) {
    if (readers == null || readers.size() >= MOST_READERS) {
      readers = new HashMap<>();
    }
    return readers.computeIfAbsent(
        encoding, key -> new ImageReader(event, key, UnknownColumns.IGNORE, indexes));
  }
}
