package io.millrace.transforms;

import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.cdc.MergeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.warehouse.Warehouse;
import io.millrace.transforms.warehouse.WarehouseTables;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Replicates records into a PostgreSQL of its own, from the parse to the rows, for tests. */
final class Replication implements AutoCloseable {
  private final LocalPostgres postgres;
  private final Path password;

  private Replication(LocalPostgres postgres, Path password) {
    this.postgres = postgres;
    this.password = password;
  }

  static Replication start(String name) throws IOException {
    LocalPostgres postgres = LocalPostgres.start(name);
    Path password = Files.createTempFile("password", null);
    Files.writeString(password, postgres.password());
    return new Replication(postgres, password);
  }

  /** Records of a topic's partition 0, from offset 0 on, that came at 2026-01-01T00:00:00Z. */
  static RecordBlock topic(String topic, List<String> values) {
    RecordBlock.Writer block = new RecordBlock.Writer(1 << 16);
    long offset = 0;
    for (String value : values) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      block.add(offset++, 0, 1_767_225_600_000L, null, bytes, 0, bytes.length);
    }
    return RecordBlock.of(topic, 0, block.take());
  }

  /** The lines of a file as records; a line may be a key, a caret and a value. */
  static RecordBlock file(Path file, boolean keyed) throws IOException {
    RecordBlock.Writer block = new RecordBlock.Writer(1 << 16);
    long number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      int caret = keyed ? line.indexOf('^') : -1;
      byte[] key = caret < 0 ? null : line.substring(0, caret).getBytes(StandardCharsets.UTF_8);
      byte[] value = line.substring(caret + 1).getBytes(StandardCharsets.UTF_8);
      block.add(number, number, 0, key, value, 0, value.length);
    }
    return RecordBlock.of(file.getFileName().toString(), Origin.NO_PARTITION, block.take());
  }

  /** Replicates records of which none is rejected. */
  void run(TestRunner runner, Contract contract, ChangeFormat format, RecordBlock... records) {
    run(runner, contract, ParseChanges.as(format, contract), records);
  }

  /** Replicates records, parsed so, of which none is rejected. */
  void run(TestRunner runner, Contract contract, ParseChanges parse, RecordBlock... records) {
    run(runner, "public", contract, parse, records);
  }

  /** Replicates records, parsed so, of which none is rejected, into a schema. */
  void run(
      TestRunner runner,
      String schema,
      Contract contract,
      ParseChanges parse,
      RecordBlock... records) {
    run(runner, schema, contract, Create.of(List.of(records)), parse);
  }

  /** Replicates the records of a source, parsed so, of which none is rejected, into a schema. */
  void run(
      TestRunner runner,
      String schema,
      Contract contract,
      PTransform<PBegin, PCollection<RecordBlock>> source,
      ParseChanges parse) {
    Warehouse warehouse =
        Warehouse.at(postgres.jdbcUrl())
            .withUser(postgres.user())
            .withPassword("file:" + password)
            .withSchema(schema);
    WarehouseTables.prepare(warehouse, contract);
    Pipeline pipeline = runner.pipeline();
    ParsedChanges parsed = pipeline.apply(source).apply(parse);
    WriteWarehouse.Result written =
        parsed
            .changes()
            .apply(MergeChanges.latest())
            .accepted()
            .apply(WriteWarehouse.to(warehouse, contract));
    PAssert.that(parsed.deadLetters()).empty();
    PAssert.that(written.deadLetters()).empty();
    pipeline.run().waitUntilFinish();
  }

  /** The rows of a query, each as its columns with a bar between them. */
  List<String> query(String sql) throws SQLException {
    try (Connection connection = postgres.database().connect();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        StringBuilder row = new StringBuilder(String.valueOf(rows.getString(1)));
        for (int i = 2; i <= rows.getMetaData().getColumnCount(); i++) {
          row.append('|').append(rows.getString(i));
        }
        found.add(row.toString());
      }
      return found;
    }
  }

  @Override
  public void close() {
    postgres.close();
    try {
      Files.delete(password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
