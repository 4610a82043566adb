/**
 * The demonstration: a shop that never stands still, replicated by Debezium, Kafka and Millrace
 * into a warehouse, and the proof that both sides agree.
 */
package io.millrace.testdata.demo;
