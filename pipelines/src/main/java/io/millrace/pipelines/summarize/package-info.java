/** The pipeline that sums up events by window. */
package io.millrace.pipelines.summarize;
