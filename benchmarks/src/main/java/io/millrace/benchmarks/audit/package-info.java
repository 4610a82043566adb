/** Comparing two tables of a million rows. */
package io.millrace.benchmarks.audit;
