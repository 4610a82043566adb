package io.millrace.pipelines.audit;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A column of a row that is not the same on both sides.
 *
 * @param first its text on the first side; null for null
 * @param second its text on the second side; null for null
 */
record ColumnDifference(
    String column,
    boolean isPersonal,
    ValueDifference difference,
    @Nullable String first,
    @Nullable String second) {}
