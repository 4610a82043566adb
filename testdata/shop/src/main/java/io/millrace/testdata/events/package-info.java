/**
 * Files of change events of any size, with disorder, duplicates, gaps and broken lines if asked,
 * and the rows that are right in the end.
 *
 * <p>The events are those of a bank with two tables, {@link io.millrace.testdata.events.Bank}. They
 * are made in the order of a log ({@link io.millrace.testdata.events.ChangeLog}), written as lines,
 * then disordered. The answer is what the log says, so no disorder may change it.
 */
package io.millrace.testdata.events;
