package io.millrace.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole way, as a user would go it: PostgreSQL, Debezium, Kafka, the runner's jar, a warehouse;
 * with a transaction that is open while the snapshot is taken. The demo's exit code is 0 only if
 * every row of every table is equal.
 */
@DisabledIfSystemProperty(named = "shade.skip", matches = "true")
class DemoIT {
  private static final int LIMIT_MINUTES = 5;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"direct", "flink"})
  void warehouseEqualsTheSource(String runner) throws Exception {
    Path home = Path.of("../..").toRealPath();
    Path demoJar = home.resolve("testdata/shop/target/millrace-testdata.jar");
    Path output = directory.resolve("demo.log");
    Process demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                demoJar.toString(),
                "demo",
                "--seconds=8",
                "--runner=" + runner,
                "--millrace-home=" + home)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat("ended in time", demo.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES), is(true));
    } finally {
      demo.destroy();
    }
    String log = Files.readString(output);
    assertThat(log, containsString("All 5 tables are equal"));
    assertThat(log, containsString("The ledger balances."));
    assertThat(log, demo.exitValue(), is(0));
  }
}
