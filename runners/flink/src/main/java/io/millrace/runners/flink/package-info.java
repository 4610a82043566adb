/** Runs every pipeline on Flink, embedded or on a cluster. */
package io.millrace.runners.flink;
