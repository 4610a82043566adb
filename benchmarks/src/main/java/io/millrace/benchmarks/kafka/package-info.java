/** Keeping the newest change of each row, from a topic. */
package io.millrace.benchmarks.kafka;
