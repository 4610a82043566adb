/** Joins of streams and of tables that stay right when anything arrives late. */
package io.millrace.transforms.join;
