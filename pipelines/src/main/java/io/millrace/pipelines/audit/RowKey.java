package io.millrace.pipelines.audit;

import java.util.List;

/**
 * What identifies a row: the texts of its key's columns, the same on both sides for the same key.
 *
 * @param values in the order of the key; never null
 */
record RowKey(List<String> values) {}
