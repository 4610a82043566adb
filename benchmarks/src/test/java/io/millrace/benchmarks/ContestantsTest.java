package io.millrace.benchmarks;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.millrace.benchmarks.harness.Benchmark;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Entrant;
import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every entrant comes to the right answer, run after run; here in one JVM. */
class ContestantsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"merge", "replay", "replay --source=landing", "windows", "enrich", "audit"})
  void everyEntrantIsRight(String name) throws Exception {
    Benchmark benchmark = Benchmarks.named(name).orElseThrow();
    try (Scene scene = benchmark.prepare(new Request(3_000, directory, Map.of(), line -> {}))) {
      for (Entrant entrant : benchmark.entrants()) {
        try (Contestant contestant = entrant.factory().create(scene.settings())) {
          assertTimeoutPreemptively(
              Duration.ofMinutes(3),
              () -> {
                contestant.reset();
                contestant.run();
              });
          assertThat(
              entrant.title(),
              contestant.outcome().answer(),
              equalTo(scene.answer(entrant.contest())));
        }
      }
    }
  }
}
