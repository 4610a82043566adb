/** Facts joined with what a table's row was at their time. */
package io.millrace.benchmarks.enrich;
