package io.millrace.transforms.lake;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.store.FileStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes changes to files, one for each table, day and shard of keys, one after the other. */
final class FileSet {

  /**
   * What one file is for.
   *
   * @param table as events name it
   * @param day since 1970
   */
  private record Kind(String table, long day, int shard) {}

  /** What writing a table's rows takes. */
  private record TableWriter(TableContract contract, LakeColumns columns, RowDecoder decoder) {}

  private final FileStore store;
  private final LakeSettings settings;
  private final Map<String, TableWriter> tables = new HashMap<>();

  FileSet(FileStore store, LakeSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * Writes the changes of some ranges; no file is left if that fails.
   *
   * @param name what the files' names begin with; must not have been used before
   */
  List<LakeFile> write(List<ChangeEvent> changes, Ranges ranges, String name) throws IOException {
    Map<Kind, List<ChangeEvent>> kinds = new LinkedHashMap<>();
    for (ChangeEvent change : changes) {
      if (ranges.contains(change.origin().offset())) {
        kinds.computeIfAbsent(kind(change), kind -> new ArrayList<>()).add(change);
      }
    }
    List<LakeFile> files = new ArrayList<>();
    try {
      for (Map.Entry<Kind, List<ChangeEvent>> kind : kinds.entrySet()) {
        files.add(write(kind.getKey(), kind.getValue(), name));
      }
      return files;
    } catch (IOException | RuntimeException e) {
      delete(files);
      throw e;
    }
  }

  /** Deletes files that no commit names. */
  void delete(List<LakeFile> files) throws IOException {
    for (LakeFile file : files) {
      store.delete(file.path());
    }
  }

  private Kind kind(ChangeEvent change) {
    return new Kind(change.table(), LakePaths.day(change.committedAt()), shard(change));
  }

  private int shard(ChangeEvent change) {
    Key key = change.key();
    int hash = (31 * change.table().hashCode() + key.hashCode()) * 0x85EBCA6B;
    return change.operation() == Operation.TRUNCATE
        ? 0
        : Math.floorMod(hash ^ (hash >>> 16), settings.shards());
  }

  private LakeFile write(Kind kind, List<ChangeEvent> changes, String name) throws IOException {
    TableWriter writer = tables.computeIfAbsent(kind.table(), this::open);
    TableContract table = writer.contract();
    String date = LakePaths.date(kind.day());
    String path =
        String.format(
            Locale.ROOT,
            "%s/%s-%03d.parquet",
            LakePaths.folder(table.name(), date),
            name,
            kind.shard());
    ChangeFileWriter file = new ChangeFileWriter(store, path, writer.columns());
    try (file) {
      for (ChangeEvent change : changes) {
        file.write(writer.decoder().decode(change));
      }
    } catch (IOException | RuntimeException e) {
      store.delete(path);
      throw e;
    }
    List<String> key =
        table.keyColumns().stream().map(table.columns()::get).map(ColumnContract::name).toList();
    return new LakeFile(path, table.name(), key, date, kind.shard(), changes.size(), file.bytes());
  }

  private TableWriter open(String name) {
    TableContract table =
        settings
            .contract()
            .table(name)
            .orElseThrow(
                () -> new IllegalStateException("A change of table " + name + " of no contract"));
    LakeColumns columns = new LakeColumns(table);
    return new TableWriter(
        table, columns, new RowDecoder(table, columns, settings.unknownColumns()));
  }
}
