/** Letting another version of the tables serve. */
package io.millrace.pipelines.cutover;
