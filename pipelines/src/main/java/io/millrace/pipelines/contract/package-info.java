/** Writing a contract from a live database, and checking one. */
package io.millrace.pipelines.contract;
