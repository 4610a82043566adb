/** The work that the benchmark of windows does: readings of sensors, and what is right of them. */
package io.millrace.benchmarks.readings;
