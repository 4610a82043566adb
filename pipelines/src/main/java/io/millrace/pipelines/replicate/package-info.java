/** A database's tables in a warehouse, kept current. */
package io.millrace.pipelines.replicate;
