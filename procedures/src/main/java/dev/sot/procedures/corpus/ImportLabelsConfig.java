package dev.sot.procedures.corpus;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to import labels.
 *
 * @param dictionary name of the dictionary; annotations do not tell it
 * @param replace whether labels that are there are replaced
 */
record ImportLabelsConfig(Optional<String> dictionary, boolean replace) {

    static ImportLabelsConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.import.labels", given);
        ImportLabelsConfig config =
                new ImportLabelsConfig(
                        configuration.optionalString("dictionary"),
                        configuration.bool("replace", false));
        configuration.finish();
        return config;
    }
}
