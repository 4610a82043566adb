package io.millrace.pipelines.cutover;

import io.millrace.transforms.warehouse.TableVersion;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Versions as text. */
final class VersionReport {
  static void print(List<TableVersion> versions, String schema, PrintStream out) {
    if (versions.isEmpty()) {
      out.println("the tables of " + schema + " have no versions");
    }
    Optional<TableVersion> serving =
        versions.stream().filter(TableVersion::isInService).findFirst();
    for (TableVersion version : versions) {
      out.printf(
          Locale.ROOT,
          "version %d (%s): %s; contract %s; %,d tables, about %,d rows, %,d MB%n",
          version.version(),
          version.schema(),
          state(version),
          version.contract(),
          version.tables().size(),
          version.rows(),
          version.bytes() >> 20);
      version
          .progress()
          .forEach(
              (source, time) ->
                  out.println(
                      "  "
                          + source
                          + ": complete through "
                          + time
                          + serving
                              .filter(other -> !version.isInService())
                              .map(other -> lag(other, source, time))
                              .orElse("")));
    }
  }

  private static String state(TableVersion version) {
    if (version.isInService()) {
      return "in service since " + version.inServiceSince();
    }
    return version.retiredAt() == null
        ? "made " + version.createdAt() + ", has not served"
        : "served until " + version.retiredAt();
  }

  private static String lag(TableVersion serving, String source, Instant time) {
    Instant there = serving.progress().get(source);
    if (there == null) {
      return "";
    }
    Duration lag = Duration.between(time, there);
    return ", "
        + lag.abs().toSeconds()
        + (lag.isNegative() ? " s ahead of version " : " s behind version ")
        + serving.version();
  }

  private VersionReport() {}
}
