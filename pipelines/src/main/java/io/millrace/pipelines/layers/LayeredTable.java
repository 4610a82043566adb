package io.millrace.pipelines.layers;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * A table in its layer.
 *
 * @param reads the tables it is made of; none where it is made of the log itself
 * @param command that makes it anew of the layer before
 */
@JsonPropertyOrder({"table", "kind", "layer", "reads", "command"})
record LayeredTable(String table, String kind, String layer, List<String> reads, String command) {}
