package io.millrace.pipelines.cutover;

import io.millrace.transforms.warehouse.TableVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Something that a version has to be before it may serve in place of another. */
interface VersionCheck {
  /** What it is, in a word or two. */
  String name();

  /** What speaks against it; nothing if it may serve. */
  List<String> faults(Connection connection, TableVersion serving, TableVersion next)
      throws SQLException, InterruptedException;
}
