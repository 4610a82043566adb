/** Runs the entrants of a benchmark in turns, measures them, and reports. */
package io.millrace.benchmarks.harness;
