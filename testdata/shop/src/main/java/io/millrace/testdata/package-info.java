/** The sample shop: its contract, workload, event files and local services. */
package io.millrace.testdata;
