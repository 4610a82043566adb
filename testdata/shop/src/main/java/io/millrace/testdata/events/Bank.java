package io.millrace.testdata.events;

import java.util.List;

/**
 * The two tables of the generated events, with keys of one and of two columns and a spread of
 * types.
 */
final class Bank {

  /** What an update does with a column. */
  enum Group {
    /** Identifies the row. */
    KEY,
    /** Sent with every image. */
    ALWAYS,
    /** Now and then absent from the image of an update that did not change it. */
    SOMETIMES,
    /** Wide: an update that did not change it sends a placeholder. */
    WIDE
  }

  record Column(
      String name,
      String physicalType,
      String logicalType,
      Group group,
      boolean personal,
      Cell cell) {
    Column(String name, String physicalType, String logicalType, Group group, Cell cell) {
      this(name, physicalType, logicalType, group, false, cell);
    }
  }

  /** One of the two tables. */
  static final class Table {
    static final Table ACCOUNTS =
        new Table(
            "accounts",
            List.of(
                new Column("id", "bigint", "integer", Group.KEY, new Numbers.Whole(Long.MAX_VALUE)),
                new Column(
                    "owner", "varchar(60)", "string", Group.ALWAYS, true, new Texts.Words(3)),
                new Column(
                    "email", "varchar(80)", "string", Group.SOMETIMES, true, new Texts.Mail()),
                new Column(
                    "balance",
                    "numeric(14,2)",
                    "number",
                    Group.ALWAYS,
                    new Numbers.Decimal(100_000_000_000_000L, 2)),
                new Column(
                    "status",
                    "varchar(10)",
                    "string",
                    Group.ALWAYS,
                    new Texts.Choice("open", "blocked", "closed")),
                new Column(
                    "opened_on",
                    "date",
                    "date",
                    Group.ALWAYS,
                    new Cell.OrNull(new Times.Day(), 20)),
                new Column(
                    "factor", "double precision", "number", Group.ALWAYS, new Numbers.Real(1_000)),
                new Column("active", "boolean", "boolean", Group.ALWAYS, new Numbers.Flag()),
                new Column(
                    "profile",
                    "jsonb",
                    "object",
                    Group.SOMETIMES,
                    new Cell.OrNull(new Texts.JsonObject(), 10)),
                new Column("updated_at", "timestamptz", "date", Group.ALWAYS, new Times.Moment()),
                new Column("notes", "text", "string", Group.WIDE, new Texts.Words(6))));
    static final Table TRANSFERS =
        new Table(
            "transfers",
            List.of(
                new Column(
                    "branch",
                    "varchar(8)",
                    "string",
                    Group.KEY,
                    new Texts.Choice("north", "South", "é-ast", "west 4")),
                new Column(
                    "number", "bigint", "integer", Group.KEY, new Numbers.Whole(Long.MAX_VALUE)),
                new Column(
                    "account", "bigint", "integer", Group.ALWAYS, new Numbers.Whole(100_000)),
                new Column(
                    "amount",
                    "numeric(12,2)",
                    "number",
                    Group.ALWAYS,
                    new Numbers.Decimal(100_000_000, 2)),
                new Column(
                    "currency",
                    "varchar(3)",
                    "string",
                    Group.ALWAYS,
                    new Texts.Choice("EUR", "USD", "JPY", "")),
                new Column(
                    "reference",
                    "uuid",
                    "string",
                    Group.SOMETIMES,
                    new Cell.OrNull(new Texts.Uuid(), 5)),
                new Column(
                    "booked_at", "timestamp(3)", "date", Group.ALWAYS, new Times.LocalMoment()),
                new Column(
                    "tags",
                    "text[]",
                    "array",
                    Group.ALWAYS,
                    new Cell.OrNull(new Texts.TextArray(), 8)),
                new Column("attempts", "integer", "integer", Group.ALWAYS, new Numbers.Whole(100)),
                new Column("token", "bytea", "string", Group.SOMETIMES, new Texts.Bytes()),
                new Column(
                    "memo",
                    "text",
                    "string",
                    Group.WIDE,
                    new Cell.OrNull(new Texts.Words(6), 10))));
    static final List<Table> ALL = List.of(ACCOUNTS, TRANSFERS);

    private final String name;
    private final List<Column> columns;

    private Table(String name, List<Column> columns) {
      this.name = name;
      this.columns = columns;
    }

    String name() {
      return name;
    }

    String physicalName() {
      return "public." + name;
    }

    List<Column> columns() {
      return columns;
    }

    List<Column> key() {
      return columns.stream().filter(column -> column.group() == Group.KEY).toList();
    }
  }

  /** The contract of both, in the Open Data Contract Standard's YAML. */
  static String contract() {
    StringBuilder yaml =
        new StringBuilder(
            """
            # The generated events' tables as a data contract (Open Data Contract Standard v3).
            apiVersion: v3.0.2
            kind: DataContract
            id: bank
            name: Bank
            version: 1.0.0
            status: active
            schema:
            """);
    for (Table table : Table.ALL) {
      yaml.append("  - name: ").append(table.name()).append('\n');
      yaml.append("    physicalName: ").append(table.physicalName()).append('\n');
      yaml.append("    physicalType: table\n    properties:\n");
      int keyPosition = 0;
      for (Column column : table.columns()) {
        yaml.append("      - name: ").append(column.name()).append('\n');
        yaml.append("        logicalType: ").append(column.logicalType()).append('\n');
        yaml.append("        physicalType: ").append(column.physicalType()).append('\n');
        if (column.group() == Group.KEY) {
          yaml.append("        primaryKey: true\n");
          yaml.append("        primaryKeyPosition: ").append(++keyPosition).append('\n');
          yaml.append("        required: true\n");
        }
        if (column.personal()) {
          yaml.append("        classification: restricted\n        tags: [personal]\n");
        }
      }
    }
    return yaml.toString();
  }

  private Bank() {}
}
