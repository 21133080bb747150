package dev.sot.procedures.export;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to export a subgraph.
 *
 * @param circuit which of the circuits of a joint compression
 * @param modelId the model under which Neuronpedia files the graph; by default the circuit's scan
 * @param slug the graph's name there; by default the circuit's
 * @param displayName what the subgraph is called; by default the compression's id
 * @param pruningThreshold share of influence up to which nodes that are not pinned are shown
 * @param densityThreshold share of tokens up to which a feature is shown
 * @param overwriteId the saved subgraph that this one replaces
 * @param overwrite whether an existing file is replaced
 */
record ExportSubgraphConfig(
        Optional<String> circuit,
        Optional<String> modelId,
        Optional<String> slug,
        Optional<String> displayName,
        Optional<Double> pruningThreshold,
        Optional<Double> densityThreshold,
        Optional<String> overwriteId,
        boolean overwrite) {

    static ExportSubgraphConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.export.subgraph", given);
        ExportSubgraphConfig config =
                new ExportSubgraphConfig(
                        configuration.optionalString("circuit"),
                        configuration.optionalString("modelId"),
                        configuration.optionalString("slug"),
                        configuration.optionalString("displayName"),
                        configuration.optionalNumber("pruningThreshold", 0, 1),
                        configuration.optionalNumber("densityThreshold", 0, 1),
                        configuration.optionalString("overwriteId"),
                        configuration.bool("overwrite", false));
        configuration.finish();
        return config;
    }
}
