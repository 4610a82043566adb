/** Sales of products at prices that change: a stream of facts and a table's changes, in topics. */
package io.millrace.benchmarks.sales;
