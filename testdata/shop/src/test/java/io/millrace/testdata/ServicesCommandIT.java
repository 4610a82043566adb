package io.millrace.testdata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.sales.SalesFeed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesCommandIT {
  @TempDir private Path parent;

  private Path directory() {
    return parent.resolve("services");
  }

  private int run(String... arguments) {
    String[] all = List.of(arguments).toArray(new String[arguments.length + 1]);
    all[arguments.length] = "--dir=" + directory();
    return Main.run(all);
  }

  @AfterEach
  void stop() {
    new ServicesDirectory(directory()).stop();
  }

  @Test
  void startsFourServicesThatTakeAWorkloadAndStopLeavesNothingBehind() throws Exception {
    assertThat(run("services", "status"), is(1));
    assertThat(run("services", "start", "--customers=20"), is(0));
    assertThat(run("services", "status"), is(0));
    assertThat(run("services", "start"), is(0));
    assertThat(run("workload", "--seconds=1", "--rate=100", "--events=50"), is(0));

    ServicesDirectory services = new ServicesDirectory(directory());
    List<ProcessHandle> processes =
        services.status().values().stream().map(Optional::orElseThrow).toList();
    Properties settings = services.settings().orElseThrow();
    assertThat(settings, hasKey("kafka.bootstrapServers"));
    assertThat(
        LocalKafka.countRecords(settings.getProperty("kafka.bootstrapServers"), SalesFeed.topics()),
        is(greaterThanOrEqualTo(50L)));
    assertThat(
        PosixFilePermissions.toString(Files.getPosixFilePermissions(services.propertiesFile())),
        is("rw-------"));

    assertThat(run("services", "stop"), is(0));
    assertThat(processes.stream().map(Processes::isRunning).toList(), everyItem(is(false)));
    assertThat(Files.exists(directory()), is(false));
  }
}
