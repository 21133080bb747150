package dev.sot.procedures.intervention;

import dev.sot.formats.InterventionKind;
import dev.sot.procedures.config.Configuration;
import java.util.List;
import java.util.Map;

/**
 * Which interventions to write.
 *
 * @param kinds what is to be done with each compression
 * @param others what features outside the circuit have: mean or actual
 * @param overwrite whether an existing file is replaced
 */
record ExportInterventionsConfig(List<InterventionKind> kinds, String others, boolean overwrite) {

    private static final List<InterventionKind> KINDS =
            List.of(InterventionKind.AVERAGE, InterventionKind.ABLATE);

    static ExportInterventionsConfig of(Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.export.interventions", given);
        List<String> words = KINDS.stream().map(InterventionKind::word).toList();
        List<String> wanted = configuration.optionalStrings("kinds").orElse(words);
        if (wanted.isEmpty() || !words.containsAll(wanted)) {
            throw configuration.wrong("kinds", wanted, "one or both of " + words);
        }
        ExportInterventionsConfig config =
                new ExportInterventionsConfig(
                        KINDS.stream().filter(kind -> wanted.contains(kind.word())).toList(),
                        configuration.oneOf("others", "mean", "mean", "actual"),
                        configuration.bool("overwrite", false));
        configuration.finish();
        return config;
    }
}
