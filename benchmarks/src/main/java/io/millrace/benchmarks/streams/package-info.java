/** What Kafka Streams needs for a benchmark's work. */
package io.millrace.benchmarks.streams;
