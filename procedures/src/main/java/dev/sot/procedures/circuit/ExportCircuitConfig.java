package dev.sot.procedures.circuit;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to export a circuit.
 *
 * @param compression id of the compression whose supernodes go into qParams; without one qParams
 *     stay as they were imported
 * @param overwrite whether an existing file is replaced
 */
record ExportCircuitConfig(Optional<String> compression, boolean overwrite) {

    static ExportCircuitConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.export.circuit", given);
        ExportCircuitConfig config =
                new ExportCircuitConfig(
                        configuration.optionalString("compression"),
                        configuration.bool("overwrite", false));
        configuration.finish();
        return config;
    }
}
