/** Millrace and its peers on the same work, side by side. */
package io.millrace.benchmarks;
