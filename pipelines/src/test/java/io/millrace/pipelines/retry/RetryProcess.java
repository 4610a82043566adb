package io.millrace.pipelines.retry;

import io.millrace.pipelines.Millrace;
import io.millrace.pipelines.TestRunner;

/** The launcher in a process of its own, which can be killed. */
final class RetryProcess {

  public static void main(String[] arguments) {
    Millrace.main(arguments, TestRunner.DIRECT);
  }

  private RetryProcess() {}
}
