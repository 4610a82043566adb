package io.millrace.testdata;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for processes that are not children of this JVM. */
final class Processes {

  /** Whether it runs; one that has ended but that nobody has collected does not. */
  static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && !isZombie(process.pid());
  }

  /** Waits for its end; true when it has ended. */
  static boolean awaitEnd(ProcessHandle process, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (isRunning(process)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return true;
  }

  /** Asks it to end, then, after the time given, ends it. */
  static void stop(ProcessHandle process, Duration limit) {
    process.destroy();
    if (!awaitEnd(process, limit)) {
      process.destroyForcibly();
      awaitEnd(process, Duration.ofSeconds(5));
    }
  }

  private static boolean isZombie(long pid) {
    try {
      // "pid (name) state ..."; other systems have no such file.
      String stat =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return false;
    }
  }

  private Processes() {}
}
