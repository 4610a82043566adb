/** Upserts into PostgreSQL: Millrace's sink and others, on one server. */
package io.millrace.benchmarks.warehouse;
