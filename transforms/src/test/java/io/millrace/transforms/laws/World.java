package io.millrace.transforms.laws;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.Deletes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Cases that share tables, and the runs in which their records arrive: disordered, repeated, and
 * some of them again after a restart.
 */
record World(Setting setting, List<Shape> tables, List<List<LogRecord>> runs) {

  Contract contract() {
    List<String> schema = tables.stream().map(Shape::contract).toList();
    return Contract.parse(
        "{apiVersion: v3.0.2, kind: DataContract, id: laws, version: 1.0.0, status: active, schema: ["
            + String.join(", ", schema)
            + "]}",
        "the laws' contract");
  }

  /** How many records arrive in all; one more where the first run is not empty. */
  int arrivals() {
    return runs.stream().mapToInt(List::size).sum() + (runs.get(0).isEmpty() ? 0 : 1);
  }

  /** The records, each once. */
  Collection<LogRecord> log() {
    Collection<LogRecord> log = new LinkedHashSet<>();
    runs.forEach(log::addAll);
    return log;
  }

  /** What the tables should hold. */
  Map<List<String>, Map<String, Object>> expectedRows() {
    Map<String, List<String>> columns = new HashMap<>();
    tables.forEach(table -> columns.put(table.name(), table.columns()));
    List<Change> changes = log().stream().flatMap(record -> record.changes().stream()).toList();
    boolean hardDeletes = setting.deletes() == Deletes.HARD;
    Map<List<String>, Map<String, Object>> rows = Reference.rows(columns, changes, hardDeletes);
    if (setting.history()) {
      ReferenceHistory.of(columns, changes, hardDeletes)
          .forEach(
              (key, versions) ->
                  rows.computeIfAbsent(key, gone -> new HashMap<>()).put("versions", versions));
    }
    return rows;
  }

  /** The same world without some of its records. */
  World only(Predicate<LogRecord> kept) {
    return withRuns(runs.stream().map(run -> run.stream().filter(kept).toList()).toList());
  }

  World withRuns(List<List<LogRecord>> changed) {
    return new World(setting, tables, changed);
  }

  /** The same world, of whose rows no versions are kept. */
  World withoutHistory() {
    return new World(setting.withoutHistory(), tables, runs);
  }

  /** The same world, whose records come in a block, which no runner disorders. */
  World inOneBlock() {
    return new World(setting.withBlockRecords(Integer.MAX_VALUE), tables, runs);
  }

  /** Records as blocks of random sizes. */
  List<RecordBlock> blocks(List<LogRecord> records, Random random) {
    List<RecordBlock> blocks = new ArrayList<>();
    RecordBlock.Writer writer = new RecordBlock.Writer(1 << 10);
    int most = setting.blockRecords();
    for (int i = 0; i < records.size(); i++) {
      LogRecord record = records.get(i);
      byte[] value = bytes(record.value());
      int length = value == null ? 0 : value.length;
      writer.add(i, i + 1, 1_767_225_600_000L + i, bytes(record.key()), value, 0, length);
      boolean full = most < Integer.MAX_VALUE && random.nextInt(most) == 0;
      if (full || i == records.size() - 1) {
        blocks.add(RecordBlock.of("laws", 0, writer.take()));
      }
    }
    return blocks;
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(setting + "\n");
    for (Shape table : tables) {
      if (log().stream().anyMatch(r -> r.changes().stream().anyMatch(c -> c.isOf(table)))) {
        text.append("table ").append(table.contract()).append('\n');
      }
    }
    for (int run = 0; run < runs.size(); run++) {
      text.append("run ").append(run + 1).append(", as the records arrive:\n");
      runs.get(run).forEach(record -> text.append("  ").append(record).append('\n'));
    }
    return text.toString();
  }
}
