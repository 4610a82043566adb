/** The pipeline that keeps entities that follow from events. */
package io.millrace.pipelines.evolve;
