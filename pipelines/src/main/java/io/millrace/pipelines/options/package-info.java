/** The options of pipelines, one interface per concern; help and documentation come from them. */
package io.millrace.pipelines.options;
