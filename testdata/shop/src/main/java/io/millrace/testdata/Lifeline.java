package io.millrace.testdata;

import java.io.IOException;

/** Ends this JVM when its standard input ends, that is, when the process that started it does. */
final class Lifeline {

  static void watch() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // A broken pipe is an end as well.
              }
              System.exit(0);
            },
            "lifeline");
    thread.setDaemon(true);
    thread.start();
  }

  private Lifeline() {}
}
