/** Runs every pipeline on the Dataflow runner. */
package io.millrace.runners.dataflow;
