package io.millrace.transforms.warehouse;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A swap that was made.
 *
 * @param from the version that served before; null if none did
 * @param to the one that serves now
 */
public record Cutover(@Nullable Integer from, int to) {}
