package io.millrace.benchmarks.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.pipelines.audit.AuditCommand;
import io.millrace.pipelines.audit.AuditOptions;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/** {@code audit} as its users run it, but for the start of the JVM. */
final class MillraceAudit implements Contestant {
  private final AuditOptions options;
  private final Settings settings;
  private final boolean isLive;
  private @Nullable OrdersWriter writer;
  private String report = "";

  /**
   * @param isLive whether orders are changed meanwhile
   */
  MillraceAudit(Settings settings, int lagSeconds, boolean isLive) {
    this.settings = settings;
    this.isLive = isLive;
    options = PipelineOptionsFactory.as(AuditOptions.class);
    options.setContract(settings.text("contract"));
    options.setDatabaseUrl(settings.text("source"));
    options.setDatabaseUser(settings.text("user"));
    options.setDatabasePassword("file:" + settings.text("password"));
    options.setWarehouseUrl(settings.text("warehouse"));
    options.setWarehouseUser(settings.text("user"));
    options.setWarehousePassword("file:" + settings.text("password"));
    options.setWarehouseSchema(settings.text("schema"));
    options.setLagSeconds(lagSeconds);
    options.setProgressSeconds(0);
    options.setJson("-");
  }

  @Override
  public void reset() throws SQLException, IOException, InterruptedException {
    if (isLive && writer == null) {
      writer = OrdersWriter.start(settings);
    }
  }

  @Override
  public void run() throws SQLException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Session session =
        new Session(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            null,
            option -> false);
    try {
      new AuditCommand().run(options, session);
    } catch (LaunchException e) {
      if (out.size() == 0) {
        throw e;
      }
    }
    report = out.toString(StandardCharsets.UTF_8);
  }

  @Override
  public Outcome outcome() throws IOException, InterruptedException, SQLException {
    String written = "none";
    if (writer != null) {
      written = String.format(Locale.ROOT, "%,.0f a second", writer.stop());
      writer = null;
    }
    JsonNode table = new ObjectMapper().readTree(report).get("tables").get(0);
    TreeSet<String> found = new TreeSet<>();
    for (JsonNode example : table.get("examples")) {
      StringJoiner finding = new StringJoiner(" ");
      finding.add(example.get("finding").asText()).add(example.get("key").get("id").asText());
      if (example.has("columns")) {
        example.get("columns").forEach(column -> finding.add(column.get("column").asText()));
      }
      found.add(finding.toString());
    }
    return new Outcome(String.join(", ", found), 0, 0, Map.of("rows changed", written));
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
