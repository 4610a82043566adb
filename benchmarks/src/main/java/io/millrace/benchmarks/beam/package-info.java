/** Millrace, and Beam used plainly, on embedded Flink. */
package io.millrace.benchmarks.beam;
