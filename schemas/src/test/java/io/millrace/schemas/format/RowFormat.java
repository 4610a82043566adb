package io.millrace.schemas.format;

import static io.millrace.schemas.format.Samples.json;

import io.millrace.schemas.Origin;
import io.millrace.schemas.format.RowHistory.Kind;
import io.millrace.schemas.format.RowHistory.Row;
import io.millrace.schemas.format.RowHistory.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Writes histories as the tool of a format does. */
enum RowFormat {
  /** A transaction of one or more statements, all of whose rows have its position in the binlog. */
  MAXWELL(ChangeFormat.MAXWELL, false) {
    @Override
    void write(RowHistory history, Random random, Records records) {
      List<String> transaction = new ArrayList<>();
      long position = 80;
      for (Statement statement : history.statements()) {
        for (Row row : statement.rows()) {
          String old = "";
          if (statement.kind() == Kind.UPDATE) {
            String oldId = row.oldId() == row.id() ? "" : "'id':" + row.oldId() + ",";
            old = ",'old':{" + oldId + "'name':'" + row.oldName() + "'}";
          }
          transaction.add(
              "{'database':'public','table':'things','type':'%s','data':%s%s,'xid':%d,"
                  .formatted(lower(statement.kind()), row(row), old, random.nextInt(99)));
        }
        if (random.nextBoolean()) {
          commit(transaction, position, records);
          position += 15 + random.nextInt(20);
        }
      }
      commit(transaction, position, records);
    }

    private void commit(List<String> transaction, long position, Records records) {
      for (int i = 0; i < transaction.size(); i++) {
        boolean last = i == transaction.size() - 1;
        String end = last ? "'commit':true" : "'xoffset':" + i;
        records.add(transaction.get(i) + "'position':'log.09:" + position + "'," + end + "}");
      }
      transaction.clear();
    }
  },
  /** Without positions in the binlog, and with numbers of transactions that tell nothing. */
  MAXWELL_WITHOUT_POSITIONS(ChangeFormat.MAXWELL, false) {
    @Override
    void write(RowHistory history, Random random, Records records) {
      Records positioned = new Records();
      MAXWELL.write(history, random, positioned);
      positioned.records.forEach(
          record -> records.add(record.value().replaceAll("\"position\":\"[^\"]*\",", "")));
    }
  },
  /** A message a statement. */
  CANAL(ChangeFormat.CANAL, true) {
    @Override
    void write(RowHistory history, Random random, Records records) {
      for (Statement statement : history.statements()) {
        records.add(message(statement, random) + "}");
      }
    }
  },
  /** As Canal, with the commit's timestamp. */
  TICDC(ChangeFormat.CANAL, true) {
    @Override
    void write(RowHistory history, Random random, Records records) {
      long commit = 95;
      for (Statement statement : history.statements()) {
        commit += 1 + random.nextInt(3);
        records.add(message(statement, random) + ",'_tidb':{'commitTs':" + commit + "}}");
      }
    }
  },
  OGG(ChangeFormat.OGG, true) {
    @Override
    void write(RowHistory history, Random random, Records records) {
      long position = 95;
      for (Statement statement : history.statements()) {
        String head = "{'table':'public.things','op_type':'" + statement.kind().name().charAt(0);
        if (statement.kind() == Kind.TRUNCATE) {
          records.add(head + "','pos':'" + ++position + "'}");
        }
        for (Row row : statement.rows()) {
          String before =
              statement.kind() == Kind.INSERT
                  ? "null"
                  : "{'id':" + row.oldId() + ",'name':'" + row.oldName() + "'}";
          String after = statement.kind() == Kind.DELETE ? "null" : row(row);
          records.add(
              head
                  + "','pos':'%020d','before':%s,'after':%s}".formatted(++position, before, after));
        }
      }
    }
  },
  AWS_DMS(ChangeFormat.AWS_DMS, false) {
    @Override
    void write(RowHistory history, Random random, Records records) {
      long lsn = 0xF5;
      for (Statement statement : history.statements()) {
        lsn += 1 + random.nextInt(3);
        int number = 8;
        for (Row row : statement.rows()) {
          String before =
              statement.kind() == Kind.UPDATE ? ",'before-image':{'id':" + row.oldId() + "}" : "";
          records.add(
              "{'data':%s%s,'metadata':{'operation':'%s','schema-name':'public',"
                      .formatted(row(row), before, lower(statement.kind()))
                  + "'table-name':'things','transaction-record-id':%d,".formatted(number++)
                  + "'stream-position':'00000001/%X.3.00000001/%X'}}".formatted(lsn, lsn));
        }
      }
    }
  },
  UPSERT(ChangeFormat.UPSERT, false) {
    @Override
    void write(RowHistory history, Random random, Records records) {
      for (Statement statement : history.statements()) {
        for (Row row : statement.rows()) {
          boolean isDelete = statement.kind() == Kind.DELETE;
          if (isDelete || row.oldId() != row.id()) {
            records.add("{'id':" + row.oldId() + "}", null);
          }
          if (!isDelete) {
            records.add(random.nextBoolean() ? null : "" + row.id(), row(row));
          }
        }
      }
    }
  };

  /** A record of a topic's only partition. */
  record Message(Origin place, String key, String value) {}

  private final ChangeFormat format;
  private final boolean truncates;

  RowFormat(ChangeFormat format, boolean truncates) {
    this.format = format;
    this.truncates = truncates;
  }

  ChangeFormat format() {
    return format;
  }

  /** Whether the tool tells of truncates. */
  boolean truncates() {
    return truncates;
  }

  List<Message> write(RowHistory history, Random random) {
    Records records = new Records();
    write(history, random, records);
    return records.records;
  }

  abstract void write(RowHistory history, Random random, Records records);

  /** The records written so far. */
  static final class Records {
    private final List<Message> records = new ArrayList<>();

    void add(String value) {
      add(null, value);
    }

    void add(String key, String value) {
      Origin place = Origin.ofTopic("things", 0, 250 + records.size());
      records.add(
          new Message(place, key == null ? null : json(key), value == null ? null : json(value)));
    }
  }

  private static String message(Statement statement, Random random) {
    List<String> data = new ArrayList<>();
    List<String> old = new ArrayList<>();
    boolean keys = statement.rows().stream().anyMatch(row -> row.oldId() != row.id());
    for (Row row : statement.rows()) {
      data.add("{'id':'" + row.id() + "','name':'" + row.name() + "'}");
      // A column that one row changed is given for all.
      String oldId = keys ? "'id':'" + row.oldId() + "'," : "";
      old.add("{" + oldId + "'name':'" + row.oldName() + "'}");
    }
    return "{'database':'public','table':'things','type':'%s','isDdl':%s,'es':%d,'id':%d,"
            .formatted(
                statement.kind(),
                statement.kind() == Kind.TRUNCATE,
                random.nextInt(9) * 1_000,
                random.nextInt(9))
        + "'data':%s,'old':%s".formatted(data, statement.kind() == Kind.UPDATE ? old : "null");
  }

  private static String row(Row row) {
    return "{'id':" + row.id() + ",'name':'" + row.name() + "'}";
  }

  private static String lower(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
