package io.millrace.benchmarks.harness;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a benchmark is asked for.
 *
 * @param events how many
 * @param directory an own one for its files, kept until the benchmark ends
 * @param settings further ones of the benchmark's own, by name
 * @param progress takes lines about what is being done
 */
public record Request(
    long events, Path directory, Map<String, String> settings, Consumer<String> progress) {}
