package io.millrace.transforms.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of a real service over HTTP, and what comes of its faults. */
class BundleCallsTest implements BundleCalls.Output<String, Integer, String> {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CallPolicy POLICY =
      CallPolicy.DEFAULT
          .withBatch(1)
          .withRetries(0, Duration.ofMillis(1), Duration.ofMillis(10))
          .withBreaker(100, 100, HOUR, Duration.ZERO);

  private final List<String> answered = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final AnswerCache<String> cache =
      new AnswerCache<>(
          new CachePolicy(1000, Duration.ofMinutes(10), Duration.ofMinutes(1)), nanos::get);
  private LocalService server;
  private ServiceAccess<String, String> service;

  @BeforeEach
  void start() throws IOException {
    server = LocalService.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (service != null) {
      service.close();
    }
    server.close();
  }

  @Override
  public void answer(String key, Integer element, Instant timestamp, Optional<String> answer) {
    assertThat(timestamp, is(Instant.ofEpochMilli(element)));
    answered.add(key + element + "=" + answer.orElse("none"));
  }

  @Override
  public void fail(
      String key, Integer element, Instant timestamp, FailedCall.Reason reason, String message) {
    failed.add(key + " " + reason + ": " + message);
  }

  private BundleCalls<String, Integer, String> bundle(CallPolicy policy) {
    if (service == null) {
      service = new ServiceAccess<>("test", server.connector().connect(), policy);
    }
    return new BundleCalls<>(StringUtf8Coder.of(), policy.batch(), service, cache, this);
  }

  private void ask(CallPolicy policy, String... keys) throws InterruptedException {
    BundleCalls<String, Integer, String> bundle = bundle(policy);
    int element = 0;
    for (String key : keys) {
      bundle.add(key, element, Instant.ofEpochMilli(element));
      element++;
    }
    bundle.finish();
  }

  private static String[] keys(int count) {
    return IntStream.range(0, count).mapToObj(key -> "k" + key).toArray(String[]::new);
  }

  @Test
  void aBatchIsOneCallWithEachKeyOnce() throws Exception {
    BundleCalls<String, Integer, String> bundle = bundle(POLICY.withBatch(40));
    for (int element = 0; element < 250; element++) {
      bundle.add("k" + element % 100, element, Instant.ofEpochMilli(element));
    }
    bundle.finish();
    assertThat(server.calls(), containsInAnyOrder(40, 40, 20));
    assertThat(answered, hasSize(250));
    assertThat(
        IntStream.range(0, 250)
            .allMatch(e -> answered.contains("k" + e % 100 + e + "=K" + e % 100)),
        is(true));
  }

  @Test
  void thereAreAsManyCallsAtATimeAsAllowedAndNeverMore() throws Exception {
    server.answerTogether(4);
    ask(POLICY.withConcurrency(4), keys(16));
    assertThat(server.mostConcurrent(), is(4));
    assertThat(answered, hasSize(16));
  }

  @Test
  void whatIsRememberedIsNotAskedForAgainUntilItsTimeIsOver() throws Exception {
    CallPolicy policy = POLICY.withBatch(10);
    ask(policy, "a", "none");
    ask(policy, "a", "none", "b");
    assertThat(server.calls(), contains(2, 1));
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    ask(policy, "a", "none", "b");
    assertThat(server.calls(), contains(2, 1, 1));
    nanos.addAndGet(Duration.ofMinutes(10).toNanos());
    ask(policy, "a", "none", "b");
    assertThat(server.calls(), contains(2, 1, 1, 3));
    assertThat(
        answered.subList(0, 5),
        containsInAnyOrder("a0=A", "none1=none", "a0=A", "none1=none", "b2=B"));
  }

  @Test
  void whatIsNotToBeRememberedIsAskedForAgain() throws Exception {
    AnswerCache<String> none =
        new AnswerCache<>(new CachePolicy(10, Duration.ZERO, Duration.ZERO), Ticker.systemTicker());
    none.remember("a", Optional.of("A"));
    none.remember("b", Optional.empty());
    assertThat(none.find("a") == null && none.find("b") == null, is(true));
  }

  @Test
  void aCallThatFailsIsRepeated() throws Exception {
    server.fail(2);
    ask(POLICY.withRetries(2, Duration.ofMillis(1), Duration.ofMillis(10)), "a");
    assertThat(server.calls(), hasSize(3));
    assertThat(answered, contains("a0=A"));
  }

  @Test
  void aCallThatFailsTooOftenFailsItsElementsOnly() throws Exception {
    server.fail(3);
    CallPolicy policy =
        POLICY.withConcurrency(1).withRetries(2, Duration.ofMillis(1), Duration.ofMillis(10));
    ask(policy, "a", "a", "b");
    assertThat(
        failed,
        contains(
            "a FAILED: java.io.IOException: status 500",
            "a FAILED: java.io.IOException: status 500"));
    assertThat(answered, contains("b2=B"));
    ask(policy, "a");
    assertThat(answered, contains("b2=B", "a0=A"));
  }

  @Test
  void aCallThatHangsIsGivenUp() throws Exception {
    server.hang();
    ask(POLICY.withTimeout(Duration.ofMillis(200)), "a");
    assertThat(failed, contains("a TIMED_OUT: the call took too long"));
  }

  @Test
  void anOpenBreakerStopsCalls() throws Exception {
    server.fail(1000);
    ask(POLICY.withConcurrency(1).withBreaker(3, 3, HOUR, Duration.ZERO), keys(10));
    assertThat(server.calls(), hasSize(3));
    assertThat(failed, hasSize(10));
    assertThat(
        failed.subList(3, 10).stream().map(text -> text.substring(3)).toList(),
        everyItem(is("UNAVAILABLE: the service failed so often that it was not asked any more")));
  }

  @Test
  void whatWaitsForTheBreakerLongerThanItsLimitFails() throws Exception {
    server.fail(1000);
    ask(POLICY.withConcurrency(1).withBreaker(1, 1, HOUR, Duration.ofMillis(200)), keys(2));
    assertThat(server.calls(), hasSize(1));
    assertThat(failed.get(1).startsWith("k1 UNAVAILABLE"), is(true));
  }

  @Test
  void whatWaitsForTheBreakerIsAskedForWhenTheServiceIsBack() throws Exception {
    server.fail(3);
    ask(
        POLICY.withConcurrency(1).withBreaker(3, 3, Duration.ofMillis(100), Duration.ofMinutes(1)),
        keys(10));
    assertThat(failed, hasSize(3));
    assertThat(answered, hasSize(7));
    assertThat(server.calls(), hasSize(10));
  }

  @Test
  void ofKeysThatAreRefusedTogetherOnlyTheCulpritFails() throws Exception {
    ask(POLICY.withBatch(8), "a", "b", "bad", "c", "d", "e", "f", "g");
    assertThat(failed, hasSize(1));
    assertThat(failed.get(0).startsWith("bad REFUSED"), is(true));
    assertThat(
        answered, containsInAnyOrder("a0=A", "b1=B", "c3=C", "d4=D", "e5=E", "f6=F", "g7=G"));
    assertThat(server.calls(), containsInAnyOrder(8, 4, 4, 2, 2, 1, 1));
  }

  @Test
  @Timeout(30)
  void aBundleThatIsRepeatedHandsOverEachElementOnce() throws Exception {
    CallPolicy policy = POLICY.withBatch(2).withConcurrency(1).withTimeout(HOUR);
    server.hang();
    BundleCalls<String, Integer, String> first = bundle(policy);
    for (int element = 0; element < 3; element++) {
      first.add("k" + element, element, Instant.ofEpochMilli(element));
    }
    server.recover();
    first.abandon();
    ask(policy, keys(3));
    assertThat(answered, containsInAnyOrder("k00=K0", "k11=K1", "k22=K2"));
  }

  @Test
  void policiesThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> POLICY.withBatch(0));
    assertThrows(IllegalArgumentException.class, () -> POLICY.withConcurrency(0));
    assertThrows(IllegalArgumentException.class, () -> POLICY.withTimeout(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> POLICY.withRetries(1, HOUR, HOUR));
    assertThrows(
        IllegalArgumentException.class, () -> POLICY.withBreaker(2, 1, HOUR, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> new CachePolicy(-1, Duration.ZERO, Duration.ZERO));
  }
}
