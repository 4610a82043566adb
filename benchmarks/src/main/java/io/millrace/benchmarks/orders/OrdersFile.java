package io.millrace.benchmarks.orders;

import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The events in a file of lines. */
public final class OrdersFile implements Scene {
  private final Path file;
  private final OrderChanges changes;
  private final long events;

  /** Writes the file. */
  public static OrdersFile write(Request request) throws IOException {
    return new OrdersFile(request);
  }

  private OrdersFile(Request request) throws IOException {
    this.events = request.events();
    this.file = request.directory().resolve("orders.jsonl");
    this.changes = new OrderChanges(events);
    request.progress().accept(String.format(Locale.ROOT, "generating %,d events", events));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
      changes.generate(
          (id, value) -> {
            out.write(value);
            out.write('\n');
          });
    }
  }

  @Override
  public Settings settings() {
    return Settings.none().with("file", file).with("events", events);
  }

  @Override
  public String answer(String contest) {
    return changes.answer();
  }

  @Override
  public List<String> notes() throws IOException {
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d events of %,d bytes on average, %,d MB; up to %,d keys",
            events,
            Files.size(file) / events,
            Files.size(file) >> 20,
            OrderChanges.keys(events)));
  }
}
