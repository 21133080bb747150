package dev.sot.procedures.distribution;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which distributions to build, and how.
 *
 * @param space name of the reference space; by default the only one
 * @param selection the features; by default all that were recorded on the space's corpus
 * @param support largest number of support points
 * @param method sampled or quantized, for features that fire on more positions
 * @param seed seed of the sampling
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record DistributionConfig(
        Optional<String> space,
        FeatureSelection selection,
        int support,
        SupportMethod method,
        long seed,
        int concurrency,
        Map<String, Object> effective) {

    static DistributionConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> space = c.optionalString("space");
        FeatureSelection selection = FeatureSelection.of(c);
        int support = c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096);
        String method =
                c.oneOf(
                        "supportMethod",
                        name(SupportBuilder.DEFAULT_METHOD),
                        name(SupportMethod.QUANTIZED),
                        name(SupportMethod.SAMPLED));
        long seed = c.longInteger("seed", 42);
        int concurrency = c.concurrency();
        return new DistributionConfig(
                space,
                selection,
                support,
                SupportMethod.valueOf(method.toUpperCase(Locale.ROOT)),
                seed,
                concurrency,
                c.finish());
    }

    /** A method's name in configurations and results. */
    static String name(SupportMethod method) {
        return method.name().toLowerCase(Locale.ROOT);
    }
}
