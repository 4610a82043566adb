package io.millrace.transforms.lookup;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An element and the row of its key, as it was in one version of the table.
 *
 * @param element that was given
 * @param row of its key; null if the table had none
 * @param version of the table: when its load began, or when it was made of changes, in milliseconds
 *     since 1970; a newer version has a greater one. 0 if there is none since no change ever came
 * @param ageMillis how old the version was when the element met it, in milliseconds by the clock
 */
public record LookedUp<V, R>(V element, @Nullable R row, long version, long ageMillis) {}
