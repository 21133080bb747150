package dev.sot.procedures.corpus;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to import an activation bundle.
 *
 * @param corpus name of the corpus in the database; by default the model's name
 */
record ImportActivationsConfig(Optional<String> corpus) {

    static ImportActivationsConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.import.activations", given);
        ImportActivationsConfig config =
                new ImportActivationsConfig(configuration.optionalString("corpus"));
        configuration.finish();
        return config;
    }
}
