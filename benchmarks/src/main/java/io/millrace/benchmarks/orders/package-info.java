/**
 * The work that the merging benchmarks share: changes of one table, and what is right in the end.
 */
package io.millrace.benchmarks.orders;
