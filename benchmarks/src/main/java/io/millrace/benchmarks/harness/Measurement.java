package io.millrace.benchmarks.harness;

import java.util.Map;

/**
 * One run, measured.
 *
 * @param cpuSeconds of the contestant's whole process, its garbage collector and compiler included,
 *     and of other processes that did part of its work
 * @param wallSeconds on the clock
 * @param allocatedBytes on the heap
 * @param liveBytes the most that full collections during the run left on the heap, less what was
 *     there before it; 0 where this was not asked for
 * @param answer what all must agree on
 * @param keys how many keys there is state for
 * @param shown further figures
 */
public record Measurement(
    double cpuSeconds,
    double wallSeconds,
    long allocatedBytes,
    long liveBytes,
    String answer,
    long keys,
    Map<String, String> shown) {}
