/**
 * The sample shop: five tables, their data contract, and a workload that changes them in all the
 * ways that make replication hard.
 */
package io.millrace.testdata.shop;
