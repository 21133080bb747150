package dev.sot.procedures.space;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.SinkFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to fit a reference space.
 *
 * @param method what positions are placed by
 * @param promptPositions for {@code prompt}, positions in a prompt; negative ones count from the
 *     end
 * @param name name of the space; by default the method's
 * @param corpus the corpus to fit on; by default the only one
 * @param corpora the corpora whose positions are placed, where they are several
 * @param layer the reference layer; by default the last one with hidden states
 * @param layers for {@code concat}, the layers whose states are concatenated, for methods that map
 *     layers those that are mapped; by default all
 * @param penalty for {@code ridge}, the penalty; by default chosen
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
        SpaceMethod method,
        Optional<List<Integer>> promptPositions,
        Optional<String> name,
        Optional<String> corpus,
        Optional<List<String>> corpora,
        Optional<Integer> layer,
        Optional<List<Integer>> layers,
        Optional<Double> penalty,
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

    /** Keys that mean nothing to a space of tokens. */
    private static final List<String> OF_STATES =
            List.of(
                    "promptPositions",
                    "layer",
                    "layers",
                    "penalty",
                    "dimension",
                    "whiten",
                    "sinkFactor",
                    "backend");

    static SpaceFitConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.space.fit", given);
        SpaceMethod method = c.oneOf("method", SpaceMethod.AUTO);
        Optional<List<Integer>> promptPositions = c.optionalIntegers("promptPositions");
        if (promptPositions.isPresent()
                && (method != SpaceMethod.PROMPT || promptPositions.get().isEmpty())) {
            throw c.problem(
                    "promptPositions",
                    "names at least one position, such as [-1] for the last, and belongs to"
                            + " {method: 'prompt'}");
        }
        Optional<String> name = c.optionalString("name");
        Optional<String> corpus = c.optionalString("corpus");
        Optional<List<String>> corpora = c.optionalStrings("corpora");
        if (method == SpaceMethod.TOKENS) {
            if (corpora.isPresent() && (corpus.isPresent() || corpora.get().isEmpty())) {
                throw c.problem(
                        "corpora", "names at least one corpus, and takes the place of `corpus`");
            }
            for (String key : OF_STATES) {
                c.refuse(key, "is of hidden states, which {method: 'tokens'} does not use");
            }
        } else if (corpora.isPresent() && corpus.isEmpty()) {
            throw c.problem(
                    "corpora",
                    "names the corpora that are placed; say which one the space is fitted on with"
                            + " {corpus: ...}");
        }
        Optional<Integer> layer = Optional.empty();
        if (method == SpaceMethod.CONCAT) {
            c.refuse("layer", "is one layer; with {method: 'concat'} give {layers: [...]}");
        } else {
            layer = c.optionalInteger("layer", 0, 100_000);
        }
        Optional<List<Integer>> layers = Optional.empty();
        if (method == SpaceMethod.CONCAT || method.mapsLayers()) {
            layers = c.optionalIntegers("layers");
            if (layers.isPresent() && layers.get().isEmpty()) {
                throw c.problem("layers", "names at least one layer");
            }
        } else {
            c.refuse(
                    "layers",
                    "belongs to {method: 'concat'} and to methods that map layers; others have one"
                            + " {layer: ...}");
        }
        Optional<Double> penalty = Optional.empty();
        if (method == SpaceMethod.RIDGE) {
            penalty = c.optionalNumber("penalty", Double.MIN_VALUE, 1e9);
        } else {
            c.refuse("penalty", "belongs to {method: 'ridge'}");
        }
        int dimension = c.integer("dimension", DEFAULT_DIMENSION, 1, 65_536);
        boolean whiten = c.bool("whiten", true);
        Optional<Boolean> excludeFirstToken = c.optionalBool("excludeFirstToken");
        double sinkFactor =
                c.number("sinkFactor", SinkFilter.DEFAULT_FACTOR, Math.nextUp(1.0), 1e9);
        boolean replace = c.bool("replace", false);
        String backend = c.backend();
        int concurrency = c.concurrency();
        Map<String, Object> effective = c.finish();
        if (method == SpaceMethod.TOKENS) {
            effective.keySet().removeAll(OF_STATES);
        }
        return new SpaceFitConfig(
                method,
                promptPositions,
                name,
                corpus,
                corpora,
                layer,
                layers,
                penalty,
                dimension,
                whiten,
                excludeFirstToken,
                sinkFactor,
                replace,
                backend,
                concurrency,
                effective);
    }
}
