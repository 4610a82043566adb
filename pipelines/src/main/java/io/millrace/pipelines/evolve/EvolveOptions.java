package io.millrace.pipelines.evolve;

import io.millrace.pipelines.event.EventPipelineOptions;

/** The options of {@link Evolve}. */
public interface EvolveOptions extends EventPipelineOptions {}
