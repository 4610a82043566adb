package io.millrace.transforms.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Answers as a schema registry does, for tests: the interface of Confluent, and of Apicurio below
 * {@code /apis/registry/v2}. It stands in for a real registry, of which none can be had as a
 * library; what it answers is what their documentation shows.
 */
public final class LocalRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Map<Long, String> schemas = new ConcurrentHashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger failures = new AtomicInteger();
  private volatile int failure = 503;
  private volatile @Nullable String authorization;

  private LocalRegistry(HttpServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.start();
  }

  public static LocalRegistry start() throws IOException {
    return new LocalRegistry(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  public String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Gives a schema a number. */
  public void put(long id, String schema) {
    schemas.put(id, schema);
  }

  /** Fails the next requests with a status. */
  public void fail(int count, int status) {
    failure = status;
    failures.set(count);
  }

  /** Refuses requests without this header. */
  public void requireAuthorization(String header) {
    authorization = header;
  }

  /** The paths that were asked for. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      requests.add(path);
      String header = exchange.getRequestHeaders().getFirst("Authorization");
      if (failures.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
        send(exchange, failure, "{\"error_code\":50001,\"message\":\"not now\"}");
      } else if (authorization != null && !authorization.equals(header)) {
        send(exchange, 401, "{\"error_code\":401,\"message\":\"Unauthorized\"}");
      } else if (path.equals("/schemas/types")) {
        send(exchange, 200, "[\"JSON\",\"PROTOBUF\",\"AVRO\"]");
      } else if (path.equals("/apis/registry/v2/system/info")) {
        send(exchange, 200, "{\"name\":\"Apicurio Registry\"}");
      } else {
        sendSchema(exchange, path);
      }
    }
  }

  private void sendSchema(HttpExchange exchange, String path) throws IOException {
    boolean isConfluent = path.startsWith("/schemas/ids/");
    boolean isApicurio = path.startsWith("/apis/registry/v2/ids/globalIds/");
    String schema =
        isConfluent || isApicurio
            ? schemas.get(Long.parseLong(path.substring(path.lastIndexOf('/') + 1)))
            : null;
    if (schema == null) {
      send(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    } else {
      send(exchange, 200, isApicurio ? schema : JSON.writeValueAsString(Map.of("schema", schema)));
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
