package io.millrace.transforms.landing;

import java.util.List;
import java.util.stream.Collectors;

/** The view of a topic for DuckDB. */
final class TopicView {
  /** The view; of a topic without files, one without rows. */
  static String of(String topic, List<String> files) {
    String name = '"' + topic.replace("\"", "\"\"") + '"';
    if (files.isEmpty()) {
      return """
          CREATE OR REPLACE VIEW %s AS
            SELECT ''::VARCHAR AS topic, 0::INTEGER AS partition, 0::BIGINT AS "offset",
              NULL::TIMESTAMPTZ AS timestamp, NULL::VARCHAR AS timestamp_type, NULL::BLOB AS key,
              NULL::BLOB AS value, NULL::STRUCT(key VARCHAR, value BLOB)[] AS headers
            WHERE false;
          """
          .formatted(name);
    }
    String paths =
        files.stream()
            .map(path -> "'" + path.replace("'", "''") + "'")
            .collect(Collectors.joining(",\n    "));
    return """
        CREATE OR REPLACE VIEW %s AS SELECT * FROM read_parquet([
            %s],
          hive_partitioning = false);
        """
        .formatted(name, paths);
  }

  private TopicView() {}
}
