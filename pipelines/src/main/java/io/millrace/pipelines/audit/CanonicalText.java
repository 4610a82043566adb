package io.millrace.pipelines.audit;

/**
 * SQL of the canonical text of a column's values.
 *
 * @param isDelimited whether the texts show by themselves where they end
 */
record CanonicalText(String text, boolean isDelimited) {}
