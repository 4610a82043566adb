package io.millrace.benchmarks.warehouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The processes of a PostgreSQL server on this machine. */
final class ServerProcesses {
  private static final double TICKS_PER_SECOND = 100;

  /** Where {@code stat} has the CPU time of children that have ended, counted after the name. */
  private static final int CHILDREN_USER = 13;

  private static final int CHILDREN_SYSTEM = 14;

  private final ProcessHandle postmaster;

  private ServerProcesses(ProcessHandle postmaster) {
    this.postmaster = postmaster;
  }

  /** Those of the server that a connection is with. */
  static ServerProcesses of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return new ServerProcesses(
          ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow());
    }
  }

  /** CPU time of all of them, those that have ended included (on Linux; elsewhere without them). */
  double cpuSeconds() throws IOException {
    return ended() + postmaster.children().mapToDouble(ServerProcesses::cpuSeconds).sum();
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /**
   * CPU time of children that have ended.
   *
   * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat</a>
   */
  private double ended() throws IOException {
    Path file = Path.of("/proc", Long.toString(postmaster.pid()), "stat");
    if (!Files.exists(file)) {
      return 0;
    }
    String stat = Files.readString(file);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]))
        / TICKS_PER_SECOND;
  }
}
