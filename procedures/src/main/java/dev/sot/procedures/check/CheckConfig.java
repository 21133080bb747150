package dev.sot.procedures.check;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.SinkFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to check, and from where on something is worth a look.
 *
 * @param corpus the corpus; by default all
 * @param dictionary the dictionary; by default all
 * @param layers layers of the dictionary; by default all
 * @param minFirings positions on which a feature fires that is not rare
 * @param maxDensity share of the positions on which a feature fires that is not dense
 * @param minEffectiveSampleSize that a feature's firings should have
 * @param maxIdentityError of the barycentre identity
 * @param maxOptimalityResidual where a feature fires
 * @param maxOffSupportViolation where it does not
 * @param lambda multiplier of all features of a layer; by default it is estimated
 * @param offSupportPositions positions at which features that do not fire are looked at; by default
 *     as many as take a moment
 * @param excludeFirstToken whether prompts' first tokens are left out; by default as the bundle
 *     says
 * @param sinkFactor positions whose state is longer than this many times the median are left out
 * @param concurrency number of threads
 */
record CheckConfig(
        Optional<String> corpus,
        Optional<String> dictionary,
        Optional<List<Integer>> layers,
        int minFirings,
        double maxDensity,
        double minEffectiveSampleSize,
        double maxIdentityError,
        double maxOptimalityResidual,
        double maxOffSupportViolation,
        Optional<Double> lambda,
        Optional<Integer> offSupportPositions,
        Optional<Boolean> excludeFirstToken,
        double sinkFactor,
        int concurrency) {

    static final String KEYS =
            "corpus, dictionary, layers, minFirings, maxDensity, minEffectiveSampleSize,"
                    + " maxIdentityError, maxOptimalityResidual, maxOffSupportViolation, lambda,"
                    + " offSupportPositions, excludeFirstToken, sinkFactor, concurrency.";

    static CheckConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> dictionary = c.optionalString("dictionary");
        Optional<List<Integer>> layers = c.optionalIntegers("layers");
        if (layers.isPresent() && dictionary.isEmpty()) {
            throw c.problem("layers", "goes with `dictionary`, which is missing");
        }
        CheckConfig config =
                new CheckConfig(
                        c.optionalString("corpus"),
                        dictionary,
                        layers,
                        c.integer("minFirings", 20, 1, Integer.MAX_VALUE),
                        c.number("maxDensity", 0.1, 0, 1),
                        c.number("minEffectiveSampleSize", 10, 0, 1e18),
                        c.number("maxIdentityError", 0.1, 0, 1e18),
                        c.number("maxOptimalityResidual", 0.5, 0, 1e18),
                        c.number("maxOffSupportViolation", 1, 0, 1e18),
                        c.optionalNumber("lambda", 0, 1e18),
                        c.optionalInteger("offSupportPositions", 0, Integer.MAX_VALUE),
                        c.optionalBool("excludeFirstToken"),
                        c.number("sinkFactor", SinkFilter.DEFAULT_FACTOR, Math.nextUp(1.0), 1e9),
                        c.concurrency());
        c.finish();
        return config;
    }
}
