/** Keeping topics as they were received. */
package io.millrace.pipelines.archive;
