/** The native job: what a good engineer would write by hand on Flink's DataStream API. */
package io.millrace.benchmarks.flink;
