package io.millrace.benchmarks.harness;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a benchmark is asked for.
 *
 * @param events how many
 * @param directory an own one for its files, kept until the benchmark ends
 * @param progress takes lines about what is being done
 */
public record Request(long events, Path directory, Consumer<String> progress) {}
