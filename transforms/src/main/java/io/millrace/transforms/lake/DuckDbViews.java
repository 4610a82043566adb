package io.millrace.transforms.lake;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The views of a table for DuckDB. */
final class DuckDbViews {
  /**
   * The two views of a table.
   *
   * @param log the name of the view of all records
   */
  static String of(
      String table, String log, List<LakeFile> files, Function<LakeFile, String> locate) {
    String paths =
        files.stream().map(locate).map(DuckDbViews::text).collect(Collectors.joining(",\n  "));
    String key =
        files.stream()
            .flatMap(file -> file.key().stream())
            .distinct()
            .map(DuckDbViews::name)
            .collect(Collectors.joining(", "));
    return """
        CREATE OR REPLACE VIEW %1$s AS SELECT * FROM read_parquet([
          %2$s],
          union_by_name = true, hive_partitioning = false);
        CREATE OR REPLACE VIEW %3$s AS SELECT * FROM %1$s
          QUALIFY row_number() OVER (
            PARTITION BY %4$s, _position, _operation ORDER BY _source, _partition, _offset) = 1;
        """
        .formatted(name(log), paths.indent(2).strip(), name(table), key);
  }

  private static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private DuckDbViews() {}
}
