package io.millrace.transforms.laws;

import io.millrace.transforms.TestRunner;

/** The ways of running a pipeline that must not make a difference. */
enum Mode {
  DIRECT(TestRunner.DIRECT, false),
  /** Unbounded input, in bundles that the test makes. */
  DIRECT_STREAM(TestRunner.DIRECT, true),
  FLINK_BATCH(TestRunner.FLINK_BATCH, false),
  FLINK_STREAMING(TestRunner.FLINK_STREAMING, false);

  private final TestRunner runner;
  private final boolean stream;

  Mode(TestRunner runner, boolean stream) {
    this.runner = runner;
    this.stream = stream;
  }

  TestRunner runner() {
    return runner;
  }

  boolean isStream() {
    return stream;
  }
}
