package io.millrace.pipelines.audit;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A row outside its key.
 *
 * @param values the texts of the compared columns, in their order
 * @param copies how many rows of this key there are; more than one only where no constraint forbids
 *     it, and then the values are those of one of them
 */
record RowValues(List<@Nullable String> values, int copies) {}
