/** Dead letters, sent once more. */
package io.millrace.pipelines.retry;
