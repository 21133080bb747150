package dev.sot.procedures.corpus;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to import the weights of a dictionary.
 *
 * @param dictionary its name, as circuits and activations call it
 * @param model the model's name
 * @param layer the layer, where the files do not tell it
 */
record ImportDictionaryConfig(
        Optional<String> dictionary, Optional<String> model, Optional<Integer> layer) {

    static ImportDictionaryConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.import.dictionary", given);
        ImportDictionaryConfig config =
                new ImportDictionaryConfig(
                        configuration.optionalString("dictionary"),
                        configuration.optionalString("model"),
                        configuration.optionalInteger("layer", 0, 999_999));
        configuration.finish();
        return config;
    }
}
