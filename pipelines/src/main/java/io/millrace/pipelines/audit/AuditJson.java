package io.millrace.pipelines.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.pipelines.audit.RowFinding.What;
import java.util.Locale;

/** The outcome of a comparison as JSON, for programs; the form is in docs/audit.md. */
final class AuditJson {
  /** Goes up when the form changes so that a reader has to. */
  private static final int VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final AuditResult result;
  private final boolean showsPersonalData;

  AuditJson(AuditResult result, boolean showsPersonalData) {
    this.result = result;
    this.showsPersonalData = showsPersonalData;
  }

  String text() {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("equal", result.isEqual());
    json.set("first", side(result.first()));
    json.set("second", side(result.second()));
    ArrayNode tables = json.putArray("tables");
    result.tables().forEach(table -> tables.add(table(table)));
    ArrayNode leftOut = json.putArray("leftOut");
    result
        .leftOut()
        .forEach((table, why) -> leftOut.addObject().put("table", table).put("reason", why));
    try {
      return JSON.writeValueAsString(json) + System.lineSeparator();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of plain values could not be written", e);
    }
  }

  private static ObjectNode side(Side side) {
    return JSON.createObjectNode().put("name", side.name()).put("place", side.place());
  }

  private ObjectNode table(TableFindings table) {
    ObjectNode json = JSON.createObjectNode();
    json.put("table", table.table());
    json.put("equal", table.isEqual());
    json.put("obstacle", table.obstacle());
    json.put("firstRows", table.firstRows());
    json.put("secondRows", table.secondRows());
    for (What what : What.values()) {
      json.put(what.name().toLowerCase(Locale.ROOT), table.count(what));
    }
    json.put("atLeast", table.isLeast());
    ObjectNode columns = json.putObject("columns");
    table
        .columns()
        .forEach(
            (column, kinds) -> {
              ObjectNode counts = columns.putObject(column);
              kinds.forEach(counts::put);
            });
    ArrayNode examples = json.putArray("examples");
    table.examples().forEach(finding -> examples.add(example(table, finding)));
    ArrayNode notes = json.putArray("notCompared");
    table.notes().forEach(notes::add);
    return json;
  }

  private ObjectNode example(TableFindings table, RowFinding finding) {
    ObjectNode json = JSON.createObjectNode();
    json.put("finding", finding.what().name().toLowerCase(Locale.ROOT));
    ObjectNode key = json.putObject("key");
    for (int i = 0; i < table.key().size(); i++) {
      ComparedColumn column = table.key().get(i).column();
      put(column.name(), column.contract().personal(), finding.key().values().get(i), key);
    }
    if (finding.what() == What.CHANGED) {
      ArrayNode columns = json.putArray("columns");
      for (ColumnDifference column : finding.columns()) {
        ObjectNode difference = columns.addObject();
        difference.put("column", column.column());
        difference.put("kind", column.difference().kind().title());
        difference.put("detail", column.difference().detail());
        put("first", column.isPersonal(), column.first(), difference);
        put("second", column.isPersonal(), column.second(), difference);
      }
    }
    return json;
  }

  /** Personal data is an object in place of a text. */
  private void put(String field, boolean isPersonal, String value, ObjectNode json) {
    if (isPersonal && !showsPersonalData && value != null) {
      json.putObject(field).put("masked", true);
    } else {
      json.put(field, value);
    }
  }
}
