package io.millrace.runners.flink;

import io.millrace.pipelines.Millrace;

/** Millrace on Flink. */
public final class Main {

  /** Carries out a command line and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    Millrace.main(arguments, new FlinkSetup());
  }

  private Main() {}
}
