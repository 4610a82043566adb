package io.millrace.testdata.demo;

import java.io.IOException;
import java.sql.SQLException;

/**
 * A demonstration.
 *
 * <p>What it starts it stops in {@link #close}, the last first; and all of it ends by itself when
 * this JVM does, however that ends.
 */
interface Demonstration extends AutoCloseable {

  /** Runs it to its end. */
  Outcome run() throws SQLException, IOException;

  /** Stops all that was started; a second call does nothing. For any thread. */
  @Override
  void close();
}
