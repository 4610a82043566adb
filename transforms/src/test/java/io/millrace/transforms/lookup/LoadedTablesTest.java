package io.millrace.transforms.lookup;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.junit.jupiter.api.Test;

/** What the threads of a JVM share. */
class LoadedTablesTest {
  private final String lookup = UUID.randomUUID().toString();
  private final AtomicInteger decoded = new AtomicInteger();

  private Snapshot<String, String> get(String of, long version) {
    return LoadedTables.get(
        of,
        version,
        () -> {
          decoded.incrementAndGet();
          return new Snapshot<>(version, StringUtf8Coder.of(), Map.of());
        });
  }

  @Test
  void aVersionIsDecodedOnceForManyThreads() throws Exception {
    int threads = 4;
    CyclicBarrier begin = new CyclicBarrier(threads);
    Callable<Snapshot<String, String>> look =
        () -> {
          begin.await();
          return get(lookup, 7);
        };
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Snapshot<String, String>> found = new ArrayList<>();
      for (Future<Snapshot<String, String>> each :
          executor.invokeAll(List.of(look, look, look, look))) {
        found.add(each.get());
      }
      assertThat(found, everyItem(sameInstance(found.get(0))));
      assertThat(decoded.get(), is(1));
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void whoHasNotHeardOfTheNewestVersionGetsItAndTheOlderIsNotDecodedAgain() {
    Snapshot<String, String> first = get(lookup, 1);
    Snapshot<String, String> second = get(lookup, 2);
    assertThat(second.version(), is(2L));
    assertThat(get(lookup, 1), sameInstance(second));
    assertThat(decoded.get(), is(2));
    assertThat(first.version(), is(1L));
  }

  @Test
  void lookupsDoNotShareVersions() {
    Snapshot<String, String> one = get(lookup, 3);
    Snapshot<String, String> other = get(lookup + "other", 2);
    assertThat(List.of(one.version(), other.version()), is(List.of(3L, 2L)));
  }
}
