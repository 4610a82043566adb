package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/** A version of the shop's tables, and of their views, and the pipelines that write it. */
record VersionRun(int version, Pipeline tables, ShopViewsPipeline views) {
  private static final String COMPLETE =
      "SELECT max(committed_at) FROM _millrace.progress WHERE split_part(source, '@', 2) = ?";
  private static final String READ =
      "SELECT coalesce(min(read), 0) FROM (SELECT sum(read) AS read FROM _millrace.ledger"
          + " WHERE run = ? AND stage = 'merge' UNION ALL SELECT sum(read) FROM _millrace.ledger"
          + " WHERE run = ? AND stage = 'events') AS runs HAVING count(read) = 2";

  /** Starts its pipelines. */
  static VersionRun start(int version, Stage stage, String runner, Flow flow, Contracts contracts) {
    Program program = stage.program();
    Path deadLetters = deadLetters(program, version);
    return new VersionRun(
        version,
        stage.keep(
            Pipeline.start(
                program,
                runner,
                flow.intoVersion(version),
                contracts.tables(),
                "demo-" + version,
                deadLetters)),
        stage.keep(
            ShopViewsPipeline.start(
                program,
                runner,
                flow.intoVersion(version),
                contracts.views(),
                "demo-views-" + version,
                deadLetters)));
  }

  /** The contracts of the tables and of the views. */
  record Contracts(Path tables, Path views) {}

  /** Where its dead letters go. */
  static Path deadLetters(Program program, int version) {
    return program.directory().resolve("dead-letters-" + version);
  }

  /** The schema with its tables. */
  String schema() {
    return "public_v" + version;
  }

  /** The time of the source's commit through which its tables are complete; nothing at first. */
  Optional<Instant> complete(Database warehouse) throws SQLException {
    try (Connection connection = warehouse.connect();
        PreparedStatement query = connection.prepareStatement(COMPLETE)) {
      query.setString(1, schema());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return Optional.ofNullable(row.getTimestamp(1)).map(Timestamp::toInstant);
      }
    }
  }

  /** How many records both of its pipelines have read at least, by their ledgers. */
  long read(Database warehouse) throws SQLException {
    try (Connection connection = warehouse.connect();
        PreparedStatement query = connection.prepareStatement(READ)) {
      query.setString(1, tables.run());
      query.setString(2, views.run());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /**
   * @throws io.millrace.testdata.ServiceException if one of the pipelines has ended
   */
  void check() {
    tables.check();
    views.check();
  }
}
