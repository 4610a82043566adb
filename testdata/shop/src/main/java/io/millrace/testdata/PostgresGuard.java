package io.millrace.testdata;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A shell that stops a PostgreSQL server when this JVM ends without having done so, even if it was
 * killed: it waits for the end of a pipe that only this JVM holds.
 */
final class PostgresGuard implements AutoCloseable {

  // $0 the server's process, $1 what to delete then, or nothing.
  private static final String SCRIPT =
      "trap '' INT TERM HUP; cat > /dev/null; kill -INT \"$0\" 2> /dev/null && sleep 3;"
          + " test -z \"$1\" || rm -rf \"$1\"";

  private final Process shell;

  /**
   * Watches over a server.
   *
   * @param temporary the directory to delete if it comes to that, or null to keep all
   */
  PostgresGuard(ProcessHandle postmaster, Path temporary) {
    try {
      this.shell =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  SCRIPT,
                  Long.toString(postmaster.pid()),
                  temporary == null ? "" : temporary.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new ServiceException("could not start a shell: " + e.getMessage(), e);
    }
  }

  /** Ends the watch; for when the server has been stopped. */
  @Override
  public void close() {
    shell.destroyForcibly();
    try {
      shell.getOutputStream().close();
    } catch (IOException e) {
      // The pipe is gone already.
    }
  }
}
