package dev.sot.procedures.distribution;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.transport.SupportSampler;
import java.util.Map;
import java.util.Optional;

/**
 * Which distributions to build, and how.
 *
 * @param space name of the reference space; by default the only one
 * @param selection the features; by default all that were recorded on the space's corpus
 * @param support largest number of support points
 * @param seed seed of the sampling
 * @param effective the configuration with its defaults
 */
record DistributionConfig(
        Optional<String> space,
        FeatureSelection selection,
        int support,
        long seed,
        Map<String, Object> effective) {

    static DistributionConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> space = c.optionalString("space");
        FeatureSelection selection = FeatureSelection.of(c);
        int support = c.integer("support", SupportSampler.DEFAULT_MAX_SUPPORT, 1, 4096);
        long seed = c.longInteger("seed", 42);
        return new DistributionConfig(space, selection, support, seed, c.finish());
    }
}
