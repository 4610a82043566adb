/** Keeping the newest change of each row, as a batch. */
package io.millrace.benchmarks.replay;
