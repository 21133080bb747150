package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How to compress, and what to vary.
 *
 * @param compress how to compress
 * @param factors what to vary
 * @param resamples number of bootstrap resamples
 * @param resampleSeed seed of the first; the others have those after it
 */
record StabilityConfig(
        CompressConfig compress, Set<Factor> factors, int resamples, long resampleSeed) {

    /** What nobody should depend on. */
    enum Factor {
        /** Seeds of sampled supports, and of groupings with randomness. */
        SEED,
        /** How many points distributions have. */
        SUPPORT,
        /** The reference space. */
        SPACE,
        /** The number of groups. */
        SIZE,
        /** Nodes and links of little influence. */
        PRUNING,
        /** The prompts that happen to be in the corpus. */
        BOOTSTRAP
    }

    static StabilityConfig of(Map<String, Object> given) {
        String procedure = "sot.compress.stability";
        Configuration c = new Configuration(procedure, given);
        List<String> names = Arrays.stream(Factor.values()).map(Configuration::name).toList();
        List<String> chosen = c.optionalStrings("factors").orElse(names);
        if (chosen.isEmpty()) {
            throw c.wrong("factors", chosen, "a list of at least one of " + names);
        }
        Set<Factor> factors = EnumSet.noneOf(Factor.class);
        for (String name : chosen) {
            if (!names.contains(name)) {
                throw c.wrong("factors", chosen, "a list of some of " + names);
            }
            factors.add(Factor.values()[names.indexOf(name)]);
        }
        int resamples = c.integer("resamples", 20, 1, 10_000);
        long resampleSeed = c.longInteger("resampleSeed", 42);
        return new StabilityConfig(
                CompressConfig.of(procedure, c), factors, resamples, resampleSeed);
    }

    boolean varies(Factor factor) {
        return factors.contains(factor);
    }
}
