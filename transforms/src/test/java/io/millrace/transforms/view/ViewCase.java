package io.millrace.transforms.view;

import static org.hamcrest.MatcherAssert.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.JsonValues;
import io.millrace.transforms.warehouse.TestTable;
import io.millrace.transforms.warehouse.TestWarehouse;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.values.Row;

/** A view, and what a database says that it holds. */
record ViewCase(TableContract view, String query) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** A view of these columns, as {@link TestTable#contract} reads them. */
  static ViewCase of(String name, String columns, String query) {
    return new ViewCase(TestTable.contract(name + ":" + columns).tables().get(0), query);
  }

  /** What the database answers, with values of the view's types. */
  List<String> expected(TestWarehouse database) {
    String casts =
        view.columns().stream()
            .map(column -> "CAST(q.%1$s AS %2$s) AS %1$s".formatted(column.name(), column.type()))
            .collect(Collectors.joining(", "));
    return database
        .query("SELECT to_jsonb(t) FROM (SELECT %s FROM (%s) q) t".formatted(casts, query))
        .stream()
        .map(json -> text(parse(json)))
        .sorted()
        .toList();
  }

  /** What is left of rows that were told: those of the highest revisions, if they are there. */
  List<String> actual(List<Row> told) {
    Map<List<Object>, Row> newest = new HashMap<>();
    for (Row row : told) {
      List<Object> key = new ArrayList<>();
      view.keyColumns().forEach(place -> key.add(row.getValue(place)));
      newest.merge(key, row, ViewCase::newer);
    }
    return newest.values().stream()
        .filter(row -> !row.getBoolean(JoinTables.DELETED))
        .map(this::text)
        .sorted()
        .toList();
  }

  private static Row newer(Row one, Row other) {
    assertThat("revisions of " + one + " and " + other, revision(one) != revision(other));
    return revision(one) > revision(other) ? one : other;
  }

  static long revision(Row row) {
    return row.getInt64(JoinTables.REVISION);
  }

  private String text(Row row) {
    StringBuilder json = new StringBuilder("{");
    for (ColumnContract column : view.columns()) {
      json.append(json.length() == 1 ? "\"" : ",\"")
          .append(column.name())
          .append("\":")
          .append(JsonValues.toJson(row.getValue(column.name())));
    }
    return text(parse(json.append("}").toString()));
  }

  private String text(JsonNode row) {
    return view.columns().stream()
        .map(column -> column.name() + "=" + value(row.get(column.name())))
        .collect(Collectors.joining(" "));
  }

  private static String value(JsonNode value) {
    return value.isNumber()
        ? value.decimalValue().stripTrailingZeros().toPlainString()
        : value.toString();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
