package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.lake.LakeFile;
import io.millrace.transforms.lake.LakeManifest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The rows that the changes of a table in a lake come to. */
final class LakeTable implements TableRows {
  private final String directory;
  private final TableContract table;
  private final KeyOrder order;
  private final LakeChanges changes;
  private final List<ComparedColumn> columns;
  private final Set<String> read = new HashSet<>();
  private final Map<RowKey, LakeRow> rows = new HashMap<>();
  private boolean isRead;
  private byte @Nullable [] truncated;
  private @Nullable List<RowKey> sorted;

  LakeTable(
      String directory, TableContract table, List<KeyColumn> key, List<ComparedColumn> values) {
    this.directory = directory;
    this.table = table;
    this.order = new KeyOrder(key);
    this.columns = values;
    this.changes =
        new LakeChanges(key.stream().map(KeyColumn::column).toList(), values, this::take);
  }

  private void take(@Nullable RowKey key, LakeRow change) {
    if (key == null) {
      if (truncated == null || change.isThere(truncated)) {
        truncated = change.position();
      }
    } else {
      rows.merge(key, change, LakeRow::merge);
    }
    sorted = null;
  }

  /** Reads the files that were committed since. */
  private void refresh() {
    LakeManifest manifest = LakeManifest.read(directory).of(table.name());
    for (LakeFile file : manifest.files()) {
      if (read.add(file.path())) {
        changes.read(manifest.locate(file));
      }
    }
  }

  private List<RowKey> sorted() {
    if (!isRead) {
      refresh();
      isRead = true;
    }
    if (sorted == null) {
      List<RowKey> keys = new ArrayList<>();
      rows.forEach(
          (key, row) -> {
            if (row.isThere(truncated)) {
              keys.add(key);
            }
          });
      keys.sort(order);
      sorted = keys;
    }
    return sorted;
  }

  @Override
  public long estimate() {
    return sorted().size();
  }

  @Override
  public boolean findsRanges() {
    return true;
  }

  @Override
  public List<RowKey> sampledBounds(int parts) {
    return bounds(KeyRange.ALL, parts);
  }

  @Override
  public List<RowKey> bounds(KeyRange range, int parts) {
    List<RowKey> keys = within(range);
    int step = Math.max(1, (keys.size() + parts - 1) / parts);
    List<RowKey> bounds = new ArrayList<>();
    for (int i = step; i < keys.size(); i += step) {
      bounds.add(keys.get(i));
    }
    return bounds;
  }

  private List<RowKey> within(KeyRange range) {
    List<RowKey> keys = sorted();
    int from = range.from() == null ? 0 : place(keys, range.from());
    int to = range.to() == null ? keys.size() : place(keys, range.to());
    return keys.subList(from, Math.max(from, to));
  }

  private int place(List<RowKey> keys, RowKey bound) {
    int found = Collections.binarySearch(keys, bound, order);
    return found < 0 ? -found - 1 : found;
  }

  @Override
  public List<Segment> segments(List<KeyRange> ranges) {
    List<Segment> segments = new ArrayList<>();
    for (KeyRange range : ranges) {
      List<RowKey> keys = within(range);
      BigInteger checksum = BigInteger.ZERO;
      for (RowKey key : keys) {
        checksum = checksum.add(BigInteger.valueOf(hash(key, rows.get(key))));
      }
      segments.add(new Segment(keys.size(), checksum));
    }
    return segments;
  }

  private long hash(RowKey key, LakeRow row) {
    StringBuilder texts = new StringBuilder();
    key.values().forEach(value -> CanonicalRow.append(value, false, texts));
    List<@Nullable String> values = row.texts();
    for (int i = 0; i < values.size(); i++) {
      CanonicalRow.append(values.get(i), CanonicalRow.isDelimited(columns.get(i).kind()), texts);
    }
    return CanonicalRow.hash(texts);
  }

  @Override
  public Map<RowKey, Long> hashes(List<KeyRange> ranges) {
    Map<RowKey, Long> hashes = new HashMap<>();
    for (KeyRange range : ranges) {
      within(range).forEach(key -> hashes.put(key, hash(key, rows.get(key))));
    }
    return hashes;
  }

  @Override
  public Map<RowKey, Long> hashes(Collection<RowKey> keys) {
    refresh();
    Map<RowKey, Long> hashes = new HashMap<>();
    for (RowKey key : keys) {
      LakeRow row = rows.get(key);
      if (row != null && row.isThere(truncated)) {
        hashes.put(key, hash(key, row));
      }
    }
    return hashes;
  }

  @Override
  public Map<RowKey, RowValues> values(Collection<RowKey> keys) {
    Map<RowKey, RowValues> values = new HashMap<>();
    for (RowKey key : keys) {
      LakeRow row = rows.get(key);
      if (row != null && row.isThere(truncated)) {
        values.put(key, new RowValues(row.texts(), 1));
      }
    }
    return values;
  }
}
