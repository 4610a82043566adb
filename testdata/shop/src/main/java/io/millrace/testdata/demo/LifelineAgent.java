package io.millrace.testdata.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a JVM when its standard input ends, that is, when the process that started it does, however
 * that ended. Loaded as an agent into a program that knows nothing of it.
 */
public final class LifelineAgent {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Called by the JVM before the program's own main. */
  public static void premain(String arguments) {
    Thread thread = new Thread(LifelineAgent::watch, "lifeline");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    Thread exit = new Thread(() -> System.exit(143), "lifeline-exit");
    exit.setDaemon(true);
    exit.start();
    try {
      new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(143);
  }

  private LifelineAgent() {}
}
