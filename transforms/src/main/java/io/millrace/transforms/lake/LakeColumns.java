package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Origin;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The columns of a table's files: the contract's, then those that tell of the change. */
final class LakeColumns {
  static final String RECEIVED_AT = "_received_at";
  static final String EXTRA = "_extra";
  static final String SPECIAL = "_special";
  static final String SOURCE = "_source";
  static final String PARTITION = "_partition";
  static final String OFFSET = "_offset";
  static final String LINE = "_line";

  /** What the names of Millrace's own columns begin with, and no other's do. */
  static final String OWN_PREFIX = "_";

  /** A column of Millrace's own, and where its value comes from. */
  private record Own(
      String column, ColumnWriter writer, BiFunction<ChangeEvent, Texts, @Nullable Object> value) {

    @Nullable Object fitted(ChangeEvent event, Texts texts) {
      Object found = value.apply(event, texts);
      return found == null ? null : writer.fit().apply(found);
    }
  }

  private static final List<Own> OWN =
      List.of(
          new Own(
              "_operation",
              ColumnWriter.TEXT,
              (event, texts) -> event.operation().name().toLowerCase(Locale.ROOT)),
          new Own("_position", ColumnWriter.BYTES, (event, texts) -> event.position().bytes()),
          new Own(
              "_committed_at", ColumnWriter.MICROS, (event, texts) -> time(event.committedAt())),
          new Own("_captured_at", ColumnWriter.MICROS, (event, texts) -> time(event.capturedAt())),
          new Own(RECEIVED_AT, ColumnWriter.MICROS, (event, texts) -> time(event.receivedAt())),
          new Own("_transaction", ColumnWriter.TEXT, (event, texts) -> event.transactionId()),
          new Own(
              "_unchanged",
              ColumnWriter.TEXTS,
              (event, texts) -> texts.unchanged.isEmpty() ? null : texts.unchanged),
          new Own(EXTRA, ColumnWriter.JSON, (event, texts) -> texts.extra),
          new Own(SPECIAL, ColumnWriter.JSON, (event, texts) -> texts.special),
          new Own(SOURCE, ColumnWriter.TEXT, (event, texts) -> event.origin().source()),
          new Own(
              PARTITION,
              ColumnWriter.INTEGER,
              (event, texts) -> event.origin().isFile() ? null : event.origin().partition()),
          new Own(OFFSET, ColumnWriter.LONG, (event, texts) -> event.origin().offset()),
          new Own(
              LINE,
              ColumnWriter.LONG,
              (event, texts) ->
                  event.origin().line() == Origin.NO_LINE ? null : event.origin().line()));

  /** What of a row takes more than a look at its event. */
  record Texts(List<String> unchanged, @Nullable String extra, @Nullable String special) {}

  private final List<ColumnWriter> writers = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, String> bySourceName = new HashMap<>();
  private final int contractColumns;
  private final MessageType schema;

  /** The columns of a table, of which the contract lets none begin as Millrace's own do. */
  LakeColumns(TableContract table) {
    List<Type> types = new ArrayList<>();
    for (ColumnContract column : table.columns()) {
      bySourceName.put(column.physicalName(), column.name());
      add(column.name(), ColumnWriter.of(column.type()), types);
    }
    contractColumns = writers.size();
    for (Own own : OWN) {
      add(own.column, own.writer, types);
    }
    schema = new MessageType("change", types);
  }

  private void add(String name, ColumnWriter writer, List<Type> types) {
    names.add(name);
    writers.add(writer);
    types.add(writer.type().apply(name));
  }

  MessageType schema() {
    return schema;
  }

  int count() {
    return writers.size();
  }

  String name(int column) {
    return names.get(column);
  }

  ColumnWriter writer(int column) {
    return writers.get(column);
  }

  /** The lake's names of columns that a source names. */
  List<String> named(List<String> sourceNames) {
    return sourceNames.stream().map(name -> bySourceName.getOrDefault(name, name)).toList();
  }

  private static @Nullable Long time(long micros) {
    return micros == ChangeEvent.NO_TIME ? null : micros;
  }

  /** Sets the values of the columns that follow the contract's. */
  void setOwn(ChangeEvent event, Texts texts, @Nullable Object[] values) {
    int column = contractColumns;
    for (Own own : OWN) {
      values[column++] = own.fitted(event, texts);
    }
  }
}
