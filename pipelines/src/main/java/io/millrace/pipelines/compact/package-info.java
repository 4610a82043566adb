/** Compacting a landed log to the records that make its rows what they are. */
package io.millrace.pipelines.compact;
