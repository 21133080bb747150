package dev.sot.procedures.space;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.SinkFilter;
import java.util.Map;
import java.util.Optional;

/**
 * How to fit a reference space.
 *
 * @param name name of the space
 * @param corpus the corpus to fit on; by default the only one
 * @param layer the reference layer; by default the last one with hidden states
 * @param dimension number of principal components to keep
 * @param whiten whether components are scaled to unit variance
 * @param excludeFirstToken whether prompts' first tokens are left out; by default as the bundle
 *     says
 * @param sinkFactor positions whose state is longer than this many times the median are left out
 * @param replace whether a different space of the same name is replaced, with what was derived from
 *     it
 * @param backend what does the large products, see {@link Configuration#backend}
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record SpaceFitConfig(
        String name,
        Optional<String> corpus,
        Optional<Integer> layer,
        int dimension,
        boolean whiten,
        Optional<Boolean> excludeFirstToken,
        double sinkFactor,
        boolean replace,
        String backend,
        int concurrency,
        Map<String, Object> effective) {

    /**
     * Of 8, 16, 32 and 64 whitened dimensions, 16 gave the most faithful compressions of the
     * addition model; 8 groups features of one concept better but is far less faithful.
     * docs/architecture.md has the figures.
     */
    private static final int DEFAULT_DIMENSION = 16;

    static SpaceFitConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.space.fit", given);
        String method = c.oneOf("method", "aligned", "aligned");
        String name = c.string("name", method);
        Optional<String> corpus = c.optionalString("corpus");
        Optional<Integer> layer = c.optionalInteger("layer", 0, 100_000);
        int dimension = c.integer("dimension", DEFAULT_DIMENSION, 1, 65_536);
        boolean whiten = c.bool("whiten", true);
        Optional<Boolean> excludeFirstToken = c.optionalBool("excludeFirstToken");
        double sinkFactor =
                c.number("sinkFactor", SinkFilter.DEFAULT_FACTOR, Math.nextUp(1.0), 1e9);
        boolean replace = c.bool("replace", false);
        return new SpaceFitConfig(
                name,
                corpus,
                layer,
                dimension,
                whiten,
                excludeFirstToken,
                sinkFactor,
                replace,
                c.backend(),
                c.concurrency(),
                c.finish());
    }
}
