package io.millrace.transforms.lookup;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.quality.RunCounter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that are read again while elements come without end. */
class RefreshTest {
  private static final Map<String, Answers> ANSWERS = new ConcurrentHashMap<>();

  /** What was answered, by version, and what the test waits for. */
  private static final class Answers {
    private final Map<Long, Set<String>> rows = new ConcurrentSkipListMap<>();
    private final LongAdder count = new LongAdder();
    private final Predicate<Answers> isEnough;
    private volatile long oldest;

    Answers(Predicate<Answers> isEnough) {
      this.isEnough = isEnough;
    }

    void add(LookedUp<Integer, String> found) {
      rows.computeIfAbsent(found.version(), any -> ConcurrentHashMap.newKeySet())
          .add(String.valueOf(found.row()));
      count.increment();
      oldest = Math.max(oldest, found.ageMillis());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void everyVersionIsSeenWholeAndDecodedOnce(TestRunner runner) throws Exception {
    long decodedBefore = count("lookup_tables_decoded");
    Shelf shelf = Shelf.open("refreshed" + runner);
    Answers answers = run(runner, shelf, all -> all.rows.size() >= 4);
    assertThat(answers.rows.values(), everyItem(hasSize(1)));
    long decoded = count("lookup_tables_decoded") - decodedBefore;
    // Not once a thread, of which there are two. A run before may decode a last version meanwhile.
    assertThat(decoded, lessThan(shelf.contents().loads.get() + 2L));
    assertThat(answers.count.sum(), greaterThan(decoded * 10));
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void aRefreshThatFailsLeavesTheVersionBefore(TestRunner runner) throws Exception {
    long failedBefore = count("lookup_refreshes_failed");
    Shelf shelf = Shelf.open("broken" + runner);
    shelf.contents().failsFrom = 2;
    Answers answers =
        run(runner, shelf, all -> shelf.contents().loads.get() >= 4 && all.oldest > 0);
    assertThat(answers.rows.values().toString(), is("[[load 1]]"));
    assertThat(count("lookup_refreshes_failed") - failedBefore, greaterThan(1L));
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void changesWithoutEndMakeVersionsByTheClock(TestRunner runner) throws Exception {
    String name = "changed" + runner;
    Answers answers = new Answers(all -> all.rows.size() >= 3);
    Pipeline pipeline = Pipeline.create(runner.unattended());
    PCollection<KV<Integer, String>> changes =
        numbers(pipeline, "Changes", name)
            .apply(
                MapElements.into(new TypeDescriptor<KV<Integer, String>>() {})
                    .via(number -> KV.of(number.getKey(), "change " + number.getValue())))
            .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()));
    LookUp<Integer, Integer, String> lookUp = LookUp.in(changes);
    run(pipeline, name, lookUp.refreshedEvery(Duration.millis(200)), answers);
    assertThat(answers.rows.size(), greaterThan(2));
  }

  @Test
  void aTableThatGrowsTooLargeFailsTheRun() {
    Shelf shelf = Shelf.open("grown");
    shelf.contents().growsFrom = 2;
    ANSWERS.put(shelf.name(), new Answers(all -> false));
    Pipeline pipeline = Pipeline.create(TestRunner.DIRECT.options());
    numbers(pipeline, "Numbers", shelf.name())
        .apply(
            LookUp.<Integer, Integer, String>in(shelf, StringUtf8Coder.of())
                .refreshedEvery(Duration.millis(200))
                .atMost(Shelf.ROWS, 1 << 20))
        .apply(ParDo.of(new AnswerFn(shelf.name())));
    Throwable error = assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    while (!(error instanceof TableTooLargeException) && error.getCause() != null) {
      error = error.getCause();
    }
    assertThat(error.getMessage(), containsString("the shelf grown has 101 rows"));
  }

  private static Answers run(TestRunner runner, Shelf shelf, Predicate<Answers> isEnough)
      throws Exception {
    Answers answers = new Answers(isEnough);
    LookUp<Integer, Integer, String> lookUp = LookUp.in(shelf, StringUtf8Coder.of());
    run(
        Pipeline.create(runner.unattended()),
        shelf.name(),
        lookUp.refreshedEvery(Duration.millis(200)),
        answers);
    return answers;
  }

  private static void run(
      Pipeline pipeline, String name, LookUp<Integer, Integer, String> lookUp, Answers answers)
      throws Exception {
    ANSWERS.put(name, answers);
    numbers(pipeline, "Numbers", name).apply(lookUp).apply(ParDo.of(new AnswerFn(name)));
    PipelineResult run = pipeline.run();
    boolean isOver = Questions.enough(name).await(60, TimeUnit.SECONDS);
    run.cancel();
    assertThat("seen after a minute: " + answers.rows, isOver, is(true));
  }

  private static PCollection<KV<Integer, Integer>> numbers(
      Pipeline pipeline, String step, String name) {
    return pipeline
        .apply(step, Read.from(new Questions(name)))
        .apply(
            step + " by key",
            MapElements.into(new TypeDescriptor<KV<Integer, Integer>>() {})
                .via(number -> KV.of(number % Shelf.ROWS, number)))
        .setCoder(KvCoder.of(VarIntCoder.of(), VarIntCoder.of()));
  }

  private static long count(String name) {
    return RunCounter.totals().getOrDefault(name, 0L);
  }

  private static final class AnswerFn extends DoFn<KV<Integer, LookedUp<Integer, String>>, Void> {
    private static final long serialVersionUID = 1L;

    private final String name;

    AnswerFn(String name) {
      this.name = name;
    }

    @ProcessElement
    public void process(@Element KV<Integer, LookedUp<Integer, String>> found) {
      Answers answers = ANSWERS.get(name);
      answers.add(found.getValue());
      if (answers.isEnough.test(answers)) {
        Questions.enough(name).countDown();
      }
    }
  }
}
