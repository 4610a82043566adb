package io.millrace.transforms.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A service over HTTP, for tests: it is sent keys, a line each, and answers each with its text in
 * capitals; one that begins with "no" has no answer, one that begins with "bad" has the call
 * refused.
 */
final class LocalService implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Integer> calls = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger concurrent = new AtomicInteger();
  private final AtomicInteger mostConcurrent = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch hanging = new CountDownLatch(1);
  private volatile @Nullable CyclicBarrier together;
  private volatile boolean hangs;

  private LocalService(HttpServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  static LocalService start() throws IOException {
    return new LocalService(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  Connector connector() {
    return new Connector("http://localhost:" + server.getAddress().getPort());
  }

  /** How many keys each call had, as they came. */
  List<Integer> calls() {
    return List.copyOf(calls);
  }

  int mostConcurrent() {
    return mostConcurrent.get();
  }

  /** Fails the next calls. */
  void fail(int count) {
    failures.set(count);
  }

  /** Answers calls only when so many have come. */
  void answerTogether(int count) {
    together = new CyclicBarrier(count);
  }

  /** Answers no call until it is closed. */
  void hang() {
    hangs = true;
  }

  /** Answers calls that come from now on, once one hangs. */
  void recover() throws InterruptedException {
    hanging.await();
    hangs = false;
  }

  private void answer(HttpExchange exchange) throws IOException {
    mostConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      List<String> keys = body.lines().toList();
      calls.add(keys.size());
      CyclicBarrier barrier = together;
      if (barrier != null) {
        barrier.await(30, TimeUnit.SECONDS);
      }
      if (hangs) {
        hanging.countDown();
        closing.await();
      }
      int status = status(keys);
      StringBuilder answers = new StringBuilder();
      keys.stream()
          .filter(key -> !key.startsWith("no"))
          .forEach(
              key ->
                  answers
                      .append(key)
                      .append('=')
                      .append(key.toUpperCase(Locale.ROOT))
                      .append('\n'));
      byte[] bytes = answers.toString().getBytes(StandardCharsets.UTF_8);
      concurrent.decrementAndGet();
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private int status(List<String> keys) {
    if (failures.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
      return 500;
    }
    return keys.stream().anyMatch(key -> key.startsWith("bad")) ? 400 : 200;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /** A client of the test's. */
  record Connector(String url) implements ServiceConnector<String, String> {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger OPEN = new AtomicInteger();
    static final AtomicInteger OPENED = new AtomicInteger();

    @Override
    public ServiceClient<String, String> connect() {
      OPEN.incrementAndGet();
      OPENED.incrementAndGet();
      return new Client(url, HttpClient.newHttpClient());
    }

    @Override
    public String toString() {
      return "the test's service";
    }
  }

  private record Client(String url, HttpClient http) implements ServiceClient<String, String> {
    @Override
    public Map<String, String> call(List<String> keys) throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url))
              .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", keys)))
              .build();
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() == 400) {
        throw new RefusedCallException("a bad key");
      }
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      Map<String, String> answers = new HashMap<>();
      response
          .body()
          .lines()
          .forEach(
              line ->
                  answers.put(
                      line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
      return answers;
    }

    @Override
    public void close() {
      Connector.OPEN.decrementAndGet();
    }
  }
}
