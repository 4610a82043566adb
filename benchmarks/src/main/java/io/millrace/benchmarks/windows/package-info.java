/** Sums over windows of event time, as a stream. */
package io.millrace.benchmarks.windows;
