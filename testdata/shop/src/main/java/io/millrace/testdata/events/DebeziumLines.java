package io.millrace.testdata.events;

import io.millrace.testdata.events.Bank.Column;
import io.millrace.testdata.events.Bank.Group;
import io.millrace.testdata.events.Change.Operation;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Debezium's events for PostgreSQL, without the schema block.
 *
 * <p>A line is the message's value or, as a record, {@code {"key":…,"value":…,"topic":…,
 * "partition":…,"offset":…}}; then a delete is followed by its tombstone.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html">
 *     Debezium's PostgreSQL connector</a>
 */
final class DebeziumLines extends LineFormat {
  private static final String UNAVAILABLE = "__debezium_unavailable_value";
  private final boolean records;

  /**
   * @param records whether each line is a whole record, with key and topic
   */
  DebeziumLines(boolean records) {
    this.records = records;
  }

  @Override
  boolean hasKeyUpdates() {
    return true;
  }

  @Override
  void write(Change change, Flaw flaw, Consumer<Line> output) {
    super.write(change, flaw, output);
    if (records && flaw == Flaw.NONE && change.operation() == Operation.DELETE) {
      StringBuilder tombstone = new StringBuilder();
      openRecord(tombstone, change, change.row().number, flaw);
      tombstone.append("null");
      closeRecord(tombstone, change, 1);
      output.accept(new Line(tombstone.toString().getBytes(StandardCharsets.UTF_8), Flaw.NONE));
    }
  }

  @Override
  void write(StringBuilder out, Change change, Flaw flaw) {
    if (records) {
      openRecord(out, change, change.row().number, flaw);
    }
    value(out, change, flaw);
    if (records) {
      closeRecord(out, change, 0);
    }
  }

  private static void openRecord(StringBuilder out, Change change, long number, Flaw flaw) {
    out.append("{\"key\":");
    key(out, change, number, flaw);
    out.append(",\"value\":");
  }

  private static void closeRecord(StringBuilder out, Change change, int offset) {
    out.append(",\"topic\":\"bank.").append(change.table().physicalName());
    out.append("\",\"partition\":0,\"offset\":").append(2 * change.sequence() + offset).append('}');
  }

  private static void value(StringBuilder out, Change change, Flaw flaw) {
    boolean delete = change.operation() == Operation.DELETE;
    out.append("{\"before\":");
    if (delete) {
      onlyKey(out, change, change.row().number);
    } else if (change.oldNumber() != Change.SAME_KEY) {
      onlyKey(out, change, change.oldNumber());
    } else {
      out.append("null");
    }
    out.append(",\"after\":");
    if (delete || flaw == Flaw.MISSING_ROW) {
      out.append("null");
    } else {
      row(out, change, flaw, UNAVAILABLE, false);
    }
    source(out, change, flaw);
    if (flaw != Flaw.MISSING_OPERATION) {
      out.append(",\"op\":\"").append(operation(change, flaw)).append('"');
    }
    out.append(",\"ts_ms\":").append(change.committedAtMillis() + 300);
    transaction(out, change);
    out.append('}');
  }

  /** What the default replica identity logs of the old row. */
  private static void onlyKey(StringBuilder out, Change change, long number) {
    char separator = '{';
    for (Column column : change.table().columns()) {
      out.append(separator).append('"').append(column.name()).append("\":");
      separator = ',';
      if (column.group() == Group.KEY) {
        column.cell().debezium(out, number);
      } else {
        out.append("null");
      }
    }
    out.append('}');
  }

  private static void source(StringBuilder out, Change change, Flaw flaw) {
    out.append(",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\"");
    out.append(",\"name\":\"bank\",\"ts_ms\":").append(change.committedAtMillis());
    out.append(",\"snapshot\":\"").append(change.isSnapshot()).append("\",\"db\":\"bank\"");
    if (flaw != Flaw.MISSING_POSITION) {
      out.append(",\"sequence\":\"[");
      if (change.lastCommitLsn() == 0) {
        out.append("null");
      } else {
        out.append("\\\"").append(change.lastCommitLsn()).append("\\\"");
      }
      out.append(",\\\"").append(change.lsn()).append("\\\"]\"");
    }
    if (flaw != Flaw.MISSING_TABLE) {
      out.append(",\"schema\":\"public\",\"table\":\"").append(change.table().name()).append('"');
    }
    out.append(",\"txId\":").append(change.transaction());
    if (flaw != Flaw.MISSING_POSITION) {
      out.append(",\"lsn\":").append(change.lsn());
    }
    out.append('}');
  }

  private static void transaction(StringBuilder out, Change change) {
    if (change.isSnapshot()) {
      return;
    }
    out.append(",\"transaction\":{\"id\":\"").append(change.transaction()).append(':');
    out.append(change.lsn()).append("\",\"total_order\":").append(change.order());
    out.append(",\"data_collection_order\":").append(change.tableOrder()).append('}');
  }

  private static String operation(Change change, Flaw flaw) {
    if (flaw == Flaw.UNKNOWN_OPERATION) {
      return "x";
    }
    return switch (change.operation()) {
      case READ -> "r";
      case INSERT -> "c";
      case UPDATE -> "u";
      case DELETE -> "d";
    };
  }
}
