package io.millrace.transforms.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import io.millrace.transforms.oracle.Gathered;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RunCounter;
import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallServiceTest {
  private static final KvCoder<String, Integer> CODER =
      KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of());

  private LocalService server;

  @BeforeEach
  void start() throws IOException {
    server = LocalService.start();
  }

  @AfterEach
  void stop() {
    server.close();
    Gathered.clear();
  }

  private CallService<String, Integer, String> call() {
    return CallService.<String, Integer, String>at(server.connector(), StringUtf8Coder.of())
        .withRetries(1, Duration.millis(1), Duration.millis(10));
  }

  private static PCollection<KV<String, Integer>> elements(Pipeline pipeline) {
    return pipeline.apply(
        Create.timestamped(at(1, "a"), at(2, "a"), at(3, "b"), at(4, "none"), at(5, "bad"))
            .withCoder(CODER));
  }

  private static TimestampedValue<KV<String, Integer>> at(int second, String key) {
    return TimestampedValue.of(KV.of(key, second), Instant.ofEpochSecond(second));
  }

  private static String show(KV<String, Answered<Integer, String>> answered) {
    return answered.getKey() + "=" + answered.getValue().answer();
  }

  private static String show(FailedCall<KV<String, Integer>> failed) {
    return failed.element().getKey() + " " + failed.reason();
  }

  @ParameterizedTest
  @EnumSource
  void elementsGoOnWithAnswersOrNoneAtTheirTimes(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    CalledService<String, Integer, String> called = elements(pipeline.pipeline()).apply(call());
    pipeline.expect(
        called.answered(), CallServiceTest::show, "1 a=A", "2 a=A", "3 b=B", "4 none=null");
    pipeline.expect(called.failed(), CallServiceTest::show, "5 bad REFUSED");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void innerLeavesOutWhatHasNoAnswer(TestRunner runner) {
    Map<String, Long> before = RunCounter.totals();
    TimedPipeline pipeline = new TimedPipeline(runner);
    CalledService<String, Integer, String> called =
        elements(pipeline.pipeline()).apply(call().inner());
    pipeline.expect(called.answered(), CallServiceTest::show, "1 a=A", "2 a=A", "3 b=B");
    pipeline.run();
    assertThat(counted(before, "elements_without_answer"), is(1L));
    assertThat(counted(before, "elements_failed"), is(1L));
    assertThat(counted(before, "cache_misses"), greaterThan(3L));
  }

  private static long counted(Map<String, Long> before, String name) {
    String counter = "service_" + name;
    return RunCounter.totals().getOrDefault(counter, 0L) - before.getOrDefault(counter, 0L);
  }

  @Test
  void faultsAreCounted() {
    server.fail(1);
    Map<String, Long> before = RunCounter.totals();
    Pipeline pipeline = Pipeline.create(TestRunner.DIRECT.options());
    pipeline
        .apply(Create.timestamped(at(1, "a")).withCoder(CODER))
        .apply(call().withBreaker(1, 1, Duration.millis(1), Duration.standardSeconds(60)));
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(counted(before, "calls"), is(2L));
    assertThat(counted(before, "calls_failed"), is(1L));
    assertThat(counted(before, "breaker_opened"), is(1L));
    MetricsFilter latency =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.named(RunCounter.NAMESPACE, "service_call_millis"))
            .build();
    assertThat(
        run.metrics()
            .queryMetrics(latency)
            .getDistributions()
            .iterator()
            .next()
            .getCommitted()
            .getCount(),
        is(2L));
  }

  @Test
  void aFailedCallOfAChangeBecomesADeadLetter() {
    ChangeEvent change =
        ChangeEvent.builder()
            .setTable("shop.orders")
            .setOperation(Operation.DELETE)
            .setKey(Key.of(new byte[] {1}))
            .setPosition(Position.of(new byte[] {1}))
            .setOrigin(Origin.ofTopic("shop.orders", 3, 1))
            .build();
    DeadLetter letter =
        new FailedCall<>(change, FailedCall.Reason.TIMED_OUT, "too long").deadLetter(change);
    assertThat(letter.stage(), is(DeadLetter.Stage.SERVICE));
    assertThat(letter.reason(), is(RejectedRecordException.Reason.NO_ANSWER));
    assertThat(letter.message(), is("TIMED_OUT: too long"));
    assertThat(letter.change(), is(change));
  }

  @Test
  void threadsShareAClientThatIsClosedInTheEnd() {
    int openedBefore = LocalService.Connector.OPENED.get();
    int openBefore = LocalService.Connector.OPEN.get();
    TimedPipeline pipeline = new TimedPipeline(TestRunner.FLINK_STREAMING);
    pipeline.pipeline().getOptions().as(FlinkPipelineOptions.class).setParallelism(2);
    elements(pipeline.pipeline()).apply(call());
    pipeline.run();
    assertThat(LocalService.Connector.OPENED.get() - openedBefore, is(1));
    assertThat(LocalService.Connector.OPEN.get(), is(openBefore));
  }

  @Test
  void aRunThatBeginsAgainAnswersEveryElement() {
    PipelineOptions options = TestRunner.FLINK_STREAMING.options();
    options.as(FlinkPipelineOptions.class).setNumberOfExecutionRetries(1);
    options.as(FlinkPipelineOptions.class).setExecutionRetryDelay(10L);
    Pipeline pipeline = Pipeline.create(options);
    FailOnceFn.FAILED.set(false);
    elements(pipeline)
        .apply(call())
        .answered()
        .apply(ParDo.of(new FailOnceFn()))
        .apply(Gathered.as("again"));
    pipeline.run().waitUntilFinish();
    assertThat(FailOnceFn.FAILED.get(), is(true));
    assertThat(
        new TreeSet<>(Gathered.<String>take("again")).toString(),
        is("[a=A 1, a=A 2, b=B 3, none=null 4]"));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Pipeline pipeline = Pipeline.create(TestRunner.DIRECT.options());
    PCollection<KV<Double, Integer>> doubles =
        pipeline.apply(Create.empty(KvCoder.of(DoubleCoder.of(), VarIntCoder.of())));
    CallService<Double, Integer, String> byDouble =
        CallService.at(
            () -> {
              throw new IOException("no such service");
            },
            StringUtf8Coder.of());
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> doubles.apply(byDouble)).getMessage(),
        containsString("CallService needs keys with a deterministic coder"));
  }

  @Test
  void aServiceWithoutAClientFailsTheRun() {
    Pipeline pipeline = Pipeline.create(TestRunner.DIRECT.options());
    elements(pipeline).apply(CallService.at(new NoConnector(), StringUtf8Coder.of()));
    Throwable error = assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    while (!(error instanceof ServiceException) && error.getCause() != null) {
      error = error.getCause();
    }
    assertThat(error.getMessage(), is("there is no client of nothing: no such service"));
  }

  private record NoConnector() implements ServiceConnector<String, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public ServiceClient<String, String> connect() throws IOException {
      throw new IOException("no such service");
    }

    @Override
    public String toString() {
      return "nothing";
    }
  }

  /** Fails at the third answer, the first time that there is one. */
  private static final class FailOnceFn
      extends DoFn<KV<String, Answered<Integer, String>>, String> {
    private static final long serialVersionUID = 1L;
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @ProcessElement
    public void process(
        @Element KV<String, Answered<Integer, String>> answered, OutputReceiver<String> out) {
      if (answered.getKey().equals("b") && FAILED.compareAndSet(false, true)) {
        throw new IllegalStateException("fails once");
      }
      out.output(show(answered) + " " + answered.getValue().element());
    }
  }
}
