package io.millrace.testdata.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shows how things go: redrawn in place in a terminal, otherwise a line now and then. */
final class Display {
  private static final long LINE_EVERY_NANOS = 2_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final long begin = System.nanoTime();
  private int drawn;
  private long lastLine;

  Display(PrintStream out) {
    this.out = out;
    this.terminal = isTerminal();
  }

  /** Asks the shell: Java's own console also counts where only the input is a terminal. */
  private static boolean isTerminal() {
    String type = System.getenv("TERM");
    if (type == null || type.equals("dumb")) {
      return false;
    }
    try {
      return new ProcessBuilder("sh", "-c", "test -t 1").inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Says that something begins or was reached, with the time since the start. */
  void say(String message) {
    drawn = 0;
    out.printf("%5.1f s  %s%n", (System.nanoTime() - begin) / 1e9, message);
  }

  /** Shows a glance; {@code note} says what is going on. */
  void show(Glance glance, long changes, double rate, String note) {
    if (terminal) {
      redraw(lines(glance, changes, rate, note));
    } else if (System.nanoTime() - lastLine >= LINE_EVERY_NANOS) {
      lastLine = System.nanoTime();
      say(
          "%s: %,d changes, %.0f/s; source %,d rows, warehouse %,d rows, lag %s"
                  .formatted(
                      note, changes, rate, glance.sourceRows(), glance.warehouseRows(), lag(glance))
              + (glance.gold().ready() ? "; " + glance.gold() : "")
              + waiting(glance));
    }
  }

  private void redraw(List<String> lines) {
    StringBuilder screen = new StringBuilder();
    if (drawn > 0) {
      screen.append("\033[").append(drawn).append('A');
    }
    lines.forEach(line -> screen.append("\033[2K").append(line).append('\n'));
    out.print(screen);
    out.flush();
    drawn = lines.size();
  }

  private List<String> lines(Glance glance, long changes, double rate, String note) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    // Narrower than 80 columns: a line that wraps would spoil the redrawing.
    lines.add("  %.0f s, %s".formatted((System.nanoTime() - begin) / 1e9, note));
    lines.add(
        "  %,d changes at the source, %.0f/s; %,d rows/s written, lag %s"
            .formatted(changes, rate, glance.applied(), lag(glance)));
    lines.add("  %-14s %12s %12s".formatted("", "source", "warehouse"));
    for (Map.Entry<String, Glance.Rows> table : glance.rows().entrySet()) {
      lines.add(
          "  %-14s %,12d %,12d"
              .formatted(table.getKey(), table.getValue().source(), table.getValue().warehouse()));
    }
    lines.add(glance.gold().ready() ? "  " + glance.gold() : "");
    lines.add("  " + waiting(glance).replaceFirst("^; ", ""));
    for (int i = 0; i < 3; i++) {
      lines.add(i < glance.latest().size() ? "  " + glance.latest().get(i) : "");
    }
    return lines;
  }

  /** What waits for another contract, if anything does. */
  private static String waiting(Glance glance) {
    return glance.extra() + glance.deadLetters() == 0
        ? ""
        : "; _extra in %,d rows, %,d dead letters wait"
            .formatted(glance.extra(), glance.deadLetters());
  }

  private static String lag(Glance glance) {
    return glance.lagMillis() < 0 ? "-" : "%,d ms".formatted(glance.lagMillis());
  }
}
