package dev.sot.procedures.corpus;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to import features of dashboards.
 *
 * @param corpus name of the corpus in the database; by default the model's and the dictionaries'
 *     set
 * @param dictionary name of the dictionary, where the export's is not that of the circuits
 * @param context tokens kept on either side of firings
 */
record ImportFeaturesConfig(Optional<String> corpus, Optional<String> dictionary, int context) {

    static ImportFeaturesConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.import.features", given);
        ImportFeaturesConfig config =
                new ImportFeaturesConfig(
                        configuration.optionalString("corpus"),
                        configuration.optionalString("dictionary"),
                        configuration.integer("context", 20, 0, 100_000));
        configuration.finish();
        return config;
    }
}
