package io.millrace.testdata.demo;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What to demonstrate.
 *
 * @param rate changes a second
 * @param customers how many the shop has at first
 * @param drain how long the warehouse may take to catch up once the workload has stopped
 * @param alter whether the shop's own columns change meanwhile
 */
record Settings(
    String runner,
    Path pipelineJar,
    Duration time,
    double rate,
    int customers,
    long seed,
    Duration drain,
    boolean alter) {

  /** How many purchases and payments there are in a second. */
  double eventRate() {
    return rate / 2;
  }

  /** Direct has no checkpoints, and so no offsets of a group. */
  boolean hasGroups() {
    return !runner.equals("direct");
  }
}
