/**
 * What runs on Kafka Connect's libraries, which Beam's classpath cannot hold beside its own: loaded
 * by {@link io.millrace.benchmarks.warehouse.DebeziumSink}'s class loader only.
 */
package io.millrace.benchmarks.warehouse.connect;
