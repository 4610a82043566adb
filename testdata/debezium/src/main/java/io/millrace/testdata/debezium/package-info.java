/** Debezium from a local PostgreSQL to a local Kafka, in a JVM of its own. */
package io.millrace.testdata.debezium;
