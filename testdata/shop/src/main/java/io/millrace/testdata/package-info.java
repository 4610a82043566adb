/**
 * Real things to test with: local PostgreSQL, Kafka and Debezium, a sample shop whose database
 * changes all the time, event files with a known right answer, and the demonstration.
 *
 * <p>Tests of other modules use {@link io.millrace.testdata.LocalPostgres}, {@link
 * io.millrace.testdata.LocalKafka} and {@link io.millrace.testdata.LocalDebezium}; people use the
 * command line, {@link io.millrace.testdata.Main}.
 */
package io.millrace.testdata;
