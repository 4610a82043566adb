package io.millrace.testdata.debezium;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Reads the changes of a PostgreSQL database and writes them to Kafka until it is told to stop.
 *
 * <p>Usage: {@code java -jar millrace-testdata-debezium.jar SETTINGS [--lifeline]}. {@code
 * SETTINGS} is a properties file, see {@link Settings}. The password comes from the environment
 * variable {@value Settings#PASSWORD_VARIABLE}, so that it shows in no process list.
 *
 * <p>Prints {@value #READY} on standard output once the connector's task runs: its replication slot
 * then exists and no later change can be missed. Ends on SIGTERM and, with {@code --lifeline}, when
 * standard input ends, so that it never outlives the process that started it.
 *
 * <p>Exit codes: 0 stopped when asked to, 1 the connector failed (standard error says why), 2 wrong
 * usage.
 */
public final class Main {
  static final String READY = "READY";

  public static void main(String[] arguments) throws IOException {
    List<String> given = List.of(arguments);
    if (given.isEmpty()
        || given.size() > 2
        || (given.size() == 2 && !given.get(1).equals("--lifeline"))) {
      System.err.println("usage: millrace-testdata-debezium.jar SETTINGS [--lifeline]");
      System.exit(2);
    }
    if (given.size() == 2) {
      endWithStandardInput();
    }
    run(Settings.load(Path.of(given.get(0))));
  }

  private static void run(Settings settings) throws IOException {
    KafkaSink sink = new KafkaSink(settings.kafkaBootstrapServers());
    ExecutorService executor = Executors.newSingleThreadExecutor();
    CountDownLatch finished = new CountDownLatch(1);
    DebeziumEngine<ChangeEvent<String, String>> engine =
        DebeziumEngine.create(Json.class)
            .using(settings.engineProperties())
            .using(new Ready())
            .using(
                (success, message, error) -> {
                  finished.countDown();
                  if (!success) {
                    fail(message, error);
                  }
                })
            .notifying(sink)
            .build();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  close(engine, finished);
                  sink.close();
                },
                "stop-debezium"));
    executor.execute(engine);
    executor.shutdown();
  }

  private static void close(DebeziumEngine<?> engine, CountDownLatch finished) {
    try {
      if (finished.getCount() > 0) {
        engine.close();
        finished.await(10, TimeUnit.SECONDS);
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("Debezium did not stop cleanly: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fail(String message, Throwable error) {
    System.err.println("Debezium failed: " + message);
    if (error != null) {
      error.printStackTrace();
    }
    // On a thread of its own: the shutdown hook waits for the engine, whose thread this is.
    new Thread(() -> System.exit(1), "exit").start();
  }

  private static void endWithStandardInput() {
    Thread lifeline =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // A broken pipe ends it as well.
              }
              System.exit(0);
            },
            "lifeline");
    lifeline.setDaemon(true);
    lifeline.start();
  }

  private static final class Ready implements DebeziumEngine.ConnectorCallback {
    @Override
    public void taskStarted() {
      System.out.println(READY);
      System.out.flush();
    }
  }

  private Main() {}
}
