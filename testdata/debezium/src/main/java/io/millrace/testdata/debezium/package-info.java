/**
 * Debezium in a JVM of its own, because its Jackson and Kafka versions do not get along with
 * Beam's.
 *
 * <p>{@code io.millrace.testdata.LocalDebezium} starts this module's jar; nothing links against it.
 */
package io.millrace.testdata.debezium;
