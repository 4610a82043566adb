package io.millrace.pipelines.cutover;

import io.millrace.transforms.warehouse.TableVersion;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The next version has come about as far as the one that serves, by the sources' commits. */
record CaughtUp(Duration maxLag) implements VersionCheck {
  @Override
  public String name() {
    return "progress";
  }

  @Override
  public List<String> faults(Connection connection, TableVersion serving, TableVersion next) {
    List<String> faults = new ArrayList<>();
    serving
        .progress()
        .forEach(
            (source, there) -> {
              Instant here = next.progress().get(source);
              Duration lag = here == null ? null : Duration.between(here, there);
              if (lag == null) {
                faults.add(
                    "source "
                        + source
                        + ": version "
                        + next.version()
                        + " has no complete commit of it yet; run its pipeline with --targetVersion="
                        + next.version());
              } else if (lag.compareTo(maxLag) > 0) {
                faults.add(
                    "source "
                        + source
                        + ": version "
                        + next.version()
                        + " is "
                        + lag.toSeconds()
                        + " s behind version "
                        + serving.version()
                        + ", more than "
                        + maxLag.toSeconds()
                        + "; wait, or raise --maxLagSeconds");
              }
            });
    return faults;
  }
}
