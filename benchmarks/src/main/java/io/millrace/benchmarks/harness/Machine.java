package io.millrace.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a report says of the machine it was made on. */
final class Machine {
  static List<String> lines() {
    return List.of(
        "date       " + Instant.now().truncatedTo(ChronoUnit.SECONDS),
        "machine    "
            + processor()
            + ", "
            + memory()
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        "JDK        " + System.getProperty("java.vm.vendor") + " " + Runtime.version());
  }

  private static String processor() {
    int cores = Runtime.getRuntime().availableProcessors();
    return cores + (cores == 1 ? " core, " : " cores, ") + field("/proc/cpuinfo", "model name");
  }

  private static String memory() {
    String total = field("/proc/meminfo", "MemTotal");
    return total.endsWith(" kB")
        ? (Long.parseLong(total.substring(0, total.length() - 3)) >> 20) + " GB, "
        : "";
  }

  /** A field of one of Linux's files, or a word for where there is none. */
  private static String field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unnamed");
    } catch (IOException e) {
      return "unnamed";
    }
  }

  private Machine() {}
}
