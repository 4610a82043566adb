/** What is between a command line and a running pipeline: arguments, help, errors, progress. */
package io.millrace.pipelines.launch;
