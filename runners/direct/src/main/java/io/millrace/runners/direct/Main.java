package io.millrace.runners.direct;

import io.millrace.pipelines.Millrace;

/** Millrace on Direct. */
public final class Main {

  /** Carries out a command line and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    Millrace.main(arguments, new DirectSetup());
  }

  private Main() {}
}
