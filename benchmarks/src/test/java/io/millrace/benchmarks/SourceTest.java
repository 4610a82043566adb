package io.millrace.benchmarks;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.millrace.benchmarks.harness.Benchmark;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code --source} may say; contestants find their benchmark again by its name. */
class SourceTest {
  private static final int WRONG_USAGE = 2;

  @Test
  void sourceThatThereIsNotIsRefused() {
    assertThat(Main.run("replay", "--source=tape"), is(WRONG_USAGE));
  }

  @Test
  void sourceIsRefusedWhereThereIsOneOnly() {
    assertThat(Main.run("merge", "--source=file"), is(WRONG_USAGE));
  }

  @Test
  void replayIsFoundByEachOfItsSources() {
    Benchmark replay = Benchmarks.named("replay").orElseThrow();

    List<Benchmark> all = Benchmarks.bySource(replay).toList();

    assertThat(all.stream().map(Benchmark::source).toList(), equalTo(List.of("file", "landing")));
    for (Benchmark benchmark : all) {
      assertThat(
          Benchmarks.named(benchmark.name()).orElseThrow().source(), equalTo(benchmark.source()));
    }
  }
}
