package dev.sot.procedures.export;

import dev.sot.procedures.config.Configuration;
import java.util.Map;

/**
 * How to export GraphML.
 *
 * @param compressed whether supernodes and superedges are written instead of their members
 * @param overwrite whether an existing file is replaced
 */
record ExportGraphmlConfig(boolean compressed, boolean overwrite) {

    static ExportGraphmlConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.export.graphml", given);
        ExportGraphmlConfig config =
                new ExportGraphmlConfig(
                        configuration.bool("compressed", false),
                        configuration.bool("overwrite", false));
        configuration.finish();
        return config;
    }
}
