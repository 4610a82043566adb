package io.millrace.testdata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresIT {
  @TempDir private Path directory;

  @Test
  void findsItsDataAgainOnADirectoryThatIsKept() throws SQLException {
    try (LocalPostgres postgres = LocalPostgres.start("shop", directory)) {
      execute(postgres, "CREATE TABLE t AS SELECT 7 AS n");
    }
    try (LocalPostgres postgres = LocalPostgres.start("shop", directory);
        Connection connection = postgres.database().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n FROM t")) {
      rows.next();
      assertThat(rows.getInt(1), is(7));
    }
  }

  @Test
  void startsAgainOnItsPortWithItsDataAfterAStop() throws SQLException {
    try (LocalPostgres postgres = LocalPostgres.start("shop")) {
      execute(postgres, "CREATE TABLE t AS SELECT 7 AS n");
      postgres.stop();
      assertThrows(SQLException.class, postgres.database()::connect);
      postgres.startAgain();
      execute(postgres, "DELETE FROM t");
    }
  }

  @Test
  void wantsThePasswordAndNeverShowsIt() {
    try (LocalPostgres postgres = LocalPostgres.start("shop")) {
      Database wrong = new Database(postgres.jdbcUrl(), postgres.user(), "wrong");
      SQLException refused = assertThrows(SQLException.class, wrong::connect);
      assertThat(refused.getMessage(), containsString("password authentication failed"));
      assertThat(postgres.database().toString(), not(containsString(postgres.password())));
    }
  }

  @Test
  void isReadyForLogicalReplicationAndBoundToLocalhost() throws SQLException {
    try (LocalPostgres postgres = LocalPostgres.start("shop")) {
      assertThat(setting(postgres, "wal_level"), is("logical"));
      assertThat(setting(postgres, "listen_addresses"), is("localhost"));
      assertThat(setting(postgres, "unix_socket_directories"), is(""));
    }
  }

  @Test
  void saysWhereTheLogIsWhenItCannotStart() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data").resolve("stray"), "not a data directory");
    ServiceException failed =
        assertThrows(ServiceException.class, () -> LocalPostgres.start("shop", directory));
    assertThat(failed.getMessage(), containsString(directory.toString()));
  }

  private static String setting(LocalPostgres postgres, String name) throws SQLException {
    try (Connection connection = postgres.database().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW " + name)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(LocalPostgres postgres, String sql) throws SQLException {
    try (Connection connection = postgres.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
