package dev.sot.procedures.labelling;

import dev.sot.procedures.config.Configuration;
import java.util.Map;

/**
 * What to say of supernodes that are to be labelled.
 *
 * @param features most features of a supernode
 * @param contexts most contexts of a feature
 * @param links most superedges into and out of a supernode
 * @param overwrite whether an existing file is replaced
 */
record ExportLabellingConfig(int features, int contexts, int links, boolean overwrite) {

    static ExportLabellingConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.export.labelling", given);
        ExportLabellingConfig config =
                new ExportLabellingConfig(
                        configuration.integer("features", 20, 1, 10_000),
                        configuration.integer("contexts", 5, 0, 1_000),
                        configuration.integer("links", 5, 0, 1_000),
                        configuration.bool("overwrite", false));
        configuration.finish();
        return config;
    }
}
