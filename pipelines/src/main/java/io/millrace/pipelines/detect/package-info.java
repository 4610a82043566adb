/** The pipeline that finds alerts in events by rules. */
package io.millrace.pipelines.detect;
