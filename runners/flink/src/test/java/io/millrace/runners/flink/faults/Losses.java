package io.millrace.runners.flink.faults;

import io.millrace.testdata.audit.TableAudit;
import io.millrace.transforms.lake.LakeFile;
import io.millrace.transforms.lake.LakeManifest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is not as it should be, once all was written.
 *
 * @param lost rows of the warehouse that are missing or have another value, and changes that the
 *     lake lacks
 * @param doubled rows of the warehouse that should not be there, and dead letters and changes in
 *     the lake that stand twice
 * @param differences the first of them
 */
record Losses(long lost, long doubled, List<String> differences) {
  private static final int SHOWN = 10;

  static Losses find(ShopReplica replica) throws Exception {
    List<TableAudit> audits = replica.audit();
    long unexpected = audits.stream().mapToLong(TableAudit::unexpected).sum();
    long different = audits.stream().mapToLong(TableAudit::different).sum();
    List<String> differences = new ArrayList<>();
    audits.forEach(
        audit -> audit.differences().forEach(line -> differences.add(audit.table() + " " + line)));

    List<String> letters = PoisonedRecords.deadLetters(replica.deadLetters());
    List<String> lake = changes(replica.lakeManifest());
    Set<String> missing = new HashSet<>(replica.changesForLake());
    missing.removeAll(new HashSet<>(lake));
    missing.removeAll(new HashSet<>(letters));
    missing.stream().limit(SHOWN).forEach(origin -> differences.add("the lake lacks " + origin));
    return new Losses(
        different - unexpected + missing.size(),
        unexpected + twice(letters) + twice(lake),
        differences);
  }

  private static long twice(Collection<String> origins) {
    long all = origins.size();
    return all - new HashSet<>(origins).size();
  }

  /** Where the changes in the lake came from, as often as they are there. */
  private static List<String> changes(LakeManifest manifest) throws SQLException {
    List<String> origins = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (List<LakeFile> files : manifest.tables().values()) {
        String paths =
            files.stream()
                .map(file -> "'" + manifest.locate(file) + "'")
                .collect(Collectors.joining(", "));
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT _source, _partition, _offset FROM read_parquet(["
                    + paths
                    + "], hive_partitioning = false)")) {
          while (rows.next()) {
            origins.add(TopicRecords.origin(rows.getString(1), rows.getInt(2), rows.getLong(3)));
          }
        }
      }
    }
    return origins;
  }
}
