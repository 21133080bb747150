package dev.sot.procedures.circuit;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to import a circuit.
 *
 * @param dictionary identity of the dictionary, where the file does not tell it
 * @param model name of the model, which circuit files do not tell reliably
 * @param replace whether a different circuit of the same slug is replaced
 */
record ImportCircuitConfig(Optional<String> dictionary, Optional<String> model, boolean replace) {

    static ImportCircuitConfig of(String procedure, Map<String, Object> given) {
        Configuration configuration = new Configuration(procedure, given);
        ImportCircuitConfig config =
                new ImportCircuitConfig(
                        configuration.optionalString("dictionary"),
                        configuration.optionalString("model"),
                        configuration.bool("replace", false));
        configuration.finish();
        return config;
    }
}
