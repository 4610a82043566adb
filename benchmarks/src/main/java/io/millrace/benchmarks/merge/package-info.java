/** Keeping the newest change of each row, as a stream. */
package io.millrace.benchmarks.merge;
