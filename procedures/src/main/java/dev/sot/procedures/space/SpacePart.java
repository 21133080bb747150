package dev.sot.procedures.space;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.transport.SinkFilter;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * One corpus of a space.
 *
 * @param corpus the corpus
 * @param layout how its prompts lie
 * @param prompts with {@code prompt}, the positions whose states make the vectors of its prompts
 * @param excluded positions that no distribution may rest on
 * @param firstTokens how many of them are first tokens of prompts
 * @param sinkLimits for each layer that is looked at, the norm beyond which a state is an outlier
 */
record SpacePart(
        Node corpus,
        CorpusStore.PromptLayout layout,
        Optional<PromptStates> prompts,
        BitSet excluded,
        int firstTokens,
        double[] sinkLimits) {

    /**
     * Finds what is excluded from a space that is fitted: states that are outliers among those of
     * their own corpus.
     *
     * @param layers the layers whose outliers are left out
     */
    static SpacePart of(
            Session session,
            Node corpus,
            CorpusStore.PromptLayout layout,
            SpaceChoice choice,
            SpaceFitConfig config,
            List<Integer> layers) {
        return of(
                session,
                corpus,
                layout,
                choice,
                excludesFirst(corpus, config),
                layers,
                (layer, norms) -> SinkFilter.limit(norms, config.sinkFactor()));
    }

    /** The norm beyond which a state is an outlier, by the layer's place and its norms. */
    @FunctionalInterface
    private interface Limit {
        double of(int layer, double[] norms);
    }

    /**
     * Finds what is excluded from a space that is there: what would have been when it was fitted.
     */
    static SpacePart of(
            Session session,
            Node corpus,
            CorpusStore.PromptLayout layout,
            SpaceChoice choice,
            FrozenSpace space,
            List<Integer> layers) {
        return of(
                session,
                corpus,
                layout,
                choice,
                excludesFirst(corpus, space.excludeFirstToken()),
                layers,
                (layer, norms) -> space.sinkLimits()[layer]);
    }

    private static SpacePart of(
            Session session,
            Node corpus,
            CorpusStore.PromptLayout layout,
            SpaceChoice choice,
            boolean excludesFirst,
            List<Integer> layers,
            Limit limit) {
        Optional<PromptStates> prompts =
                choice.method() == SpaceMethod.PROMPT
                        ? Optional.of(PromptStates.of(layout, choice.promptPositions()))
                        : Optional.empty();
        BitSet excluded = excludesFirst ? CorpusStore.firstTokens(corpus) : new BitSet();
        int firstTokens = excluded.cardinality();
        BitSet sinks = new BitSet();
        double[] limits = new double[layers.size()];
        for (int i = 0; i < limits.length; i++) {
            double[] norms = StateNorms.of(session, corpus, layers.get(i));
            limits[i] = limit.of(i, norms);
            sinks.or(SinkFilter.beyond(norms, limits[i]));
        }
        sinks.andNot(excluded);
        prompts.ifPresent(p -> p.spread(sinks));
        excluded.or(sinks);
        return new SpacePart(corpus, layout, prompts, excluded, firstTokens, limits);
    }

    /** Whether the first tokens of a corpus's prompts are left out. */
    static boolean excludesFirst(Node corpus, SpaceFitConfig config) {
        return excludesFirst(corpus, config.excludeFirstToken());
    }

    /** The same, as asked for or else as the corpus says. */
    static boolean excludesFirst(Node corpus, Optional<Boolean> asked) {
        return asked.orElseGet(() -> (Boolean) corpus.getProperty("firstTokenIsSink"));
    }

    /** Name of the corpus. */
    String name() {
        return (String) corpus.getProperty("name");
    }

    /** How many positions are left out because their state is an outlier. */
    int sinks() {
        return excluded.cardinality() - firstTokens;
    }

    /** Its vectors, made of these states of another corpus or of this one. */
    Vectors vectors(PositionStates states) {
        return new Vectors(states.on(corpus), prompts);
    }
}
