package io.millrace.transforms.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.quality.RunLedger.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Ledgers in files of JSON, for runs that write to no database: {@code RUN/run.json} says when a
 * run began and ended, {@code RUN/merge.TABLE.json} what it read of a table and what became of it.
 * A file is replaced whole, so a reader never sees a half.
 *
 * <p>Errors: {@link UncheckedIOException}, naming the file.
 */
public final class LedgerFiles implements LedgerStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RUN_FILE = "run.json";

  private final Path directory;

  private LedgerFiles(Path directory) {
    this.directory = directory;
  }

  public static LedgerFiles in(Path directory) {
    return new LedgerFiles(directory);
  }

  @Override
  public void begin(String run) {
    ObjectNode known = readJson(runFile(run));
    ObjectNode json = known == null ? JSON.createObjectNode() : known;
    if (known == null) {
      json.put("startedAt", Instant.now().toString());
    }
    json.remove("endedAt");
    replace(runFile(run), json);
  }

  @Override
  public void end(String run) {
    ObjectNode known = readJson(runFile(run));
    ObjectNode json = known == null ? JSON.createObjectNode() : known;
    replace(runFile(run), json.put("endedAt", Instant.now().toString()));
  }

  @Override
  public List<String> newest(int limit) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> runs = Files.list(directory)) {
      return runs.filter(run -> Files.exists(run.resolve(RUN_FILE)))
          .sorted(Comparator.comparing(LedgerFiles::startedAt).reversed())
          .limit(limit)
          .map(run -> run.getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the ledgers in " + directory + " cannot be listed", e);
    }
  }

  private static Instant startedAt(Path run) {
    Instant time = instant(readJson(run.resolve(RUN_FILE)), "startedAt");
    return time == null ? Instant.MIN : time;
  }

  @Override
  public Optional<RunLedger> read(String run) {
    ObjectNode times = readJson(runFile(run));
    if (times == null) {
      return Optional.empty();
    }
    RunLedger ledger = new RunLedger(run, instant(times, "startedAt"), instant(times, "endedAt"));
    try (Stream<Path> files = Files.list(directory.resolve(run))) {
      for (Path file : files.sorted().toList()) {
        JsonNode json = readJson(file);
        if (json != null && json.has("stage")) {
          Stage stage = Stage.valueOf(json.path("stage").asText().toUpperCase(Locale.ROOT));
          ledger.with(stage, json.path("table").asText(), counts(json));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger in " + directory.resolve(run), e);
    }
    return Optional.of(ledger);
  }

  /**
   * Replaces the sums of a table, unless what is there has grown beyond them. A table's sums come
   * from one worker at a time, but Direct writes several bundles of them at once.
   */
  void replace(String run, Stage stage, String table, ChangeCounts counts) {
    synchronized (LedgerFiles.class) {
      replaceOlder(run, stage, table, counts);
    }
  }

  private void replaceOlder(String run, Stage stage, String table, ChangeCounts counts) {
    String name = stage.name().toLowerCase(Locale.ROOT);
    Path file =
        directory
            .resolve(run)
            .resolve(name + "." + URLEncoder.encode(table, StandardCharsets.UTF_8) + ".json");
    ObjectNode known = readJson(file);
    if (known != null && counts(known).weight() > counts.weight()) {
      return;
    }
    replace(
        file,
        JSON.createObjectNode()
            .put("stage", name)
            .put("table", table)
            .put("read", counts.read())
            .put("accepted", counts.accepted())
            .put("superseded", counts.superseded())
            .put("duplicate", counts.duplicate())
            .put("late", counts.late())
            .put("rejected", counts.rejected())
            .put("control", counts.control()));
  }

  private static ChangeCounts counts(JsonNode json) {
    return ChangeCounts.builder()
        .setRead(json.path("read").asLong())
        .setAccepted(json.path("accepted").asLong())
        .setSuperseded(json.path("superseded").asLong())
        .setDuplicate(json.path("duplicate").asLong())
        .setLate(json.path("late").asLong())
        .setRejected(json.path("rejected").asLong())
        .setControl(json.path("control").asLong())
        .build();
  }

  private Path runFile(String run) {
    return directory.resolve(run).resolve(RUN_FILE);
  }

  private static @Nullable Instant instant(@Nullable JsonNode json, String field) {
    if (json == null || !json.has(field)) {
      return null;
    }
    try {
      return Instant.parse(json.path(field).asText());
    } catch (DateTimeParseException e) {
      throw new IllegalStateException("the ledger's " + field + " is no time: " + json, e);
    }
  }

  private static @Nullable ObjectNode readJson(Path file) {
    try {
      return (ObjectNode) JSON.readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger's file " + file + " cannot be read", e);
    }
  }

  private static void replace(Path file, ObjectNode json) {
    try {
      Files.createDirectories(file.getParent());
      Path whole = Files.createTempFile(file.getParent(), ".", ".tmp");
      Files.writeString(whole, text(json));
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger's file " + file + " cannot be written", e);
    }
  }

  private static String text(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values could not be written", e);
    }
  }
}
