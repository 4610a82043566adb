package io.millrace.transforms.sketch;

/**
 * How often an item came, or what its weights come to: surely from {@code lowerBound} to {@code
 * upperBound}.
 *
 * @param estimate the upper bound, as DataSketches estimates it
 */
public record Frequency<T>(T item, long estimate, long lowerBound, long upperBound) {}
