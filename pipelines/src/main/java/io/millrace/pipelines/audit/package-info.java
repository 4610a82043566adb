/** Comparing the tables of two places row by row, without reading all of them. */
package io.millrace.pipelines.audit;
