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
 */
record SpacePart(
        Node corpus,
        CorpusStore.PromptLayout layout,
        Optional<PromptStates> prompts,
        BitSet excluded,
        int firstTokens) {

    /**
     * Finds what is excluded.
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
        Optional<PromptStates> prompts =
                choice.method() == SpaceMethod.PROMPT
                        ? Optional.of(PromptStates.of(layout, choice.promptPositions()))
                        : Optional.empty();
        BitSet excluded =
                excludesFirst(corpus, config) ? CorpusStore.firstTokens(corpus) : new BitSet();
        int firstTokens = excluded.cardinality();
        BitSet sinks = new BitSet();
        for (int layer : layers) {
            sinks.or(SinkFilter.sinks(StateNorms.of(session, corpus, layer), config.sinkFactor()));
        }
        sinks.andNot(excluded);
        prompts.ifPresent(p -> p.spread(sinks));
        excluded.or(sinks);
        return new SpacePart(corpus, layout, prompts, excluded, firstTokens);
    }

    /** Whether the first tokens of a corpus's prompts are left out. */
    static boolean excludesFirst(Node corpus, SpaceFitConfig config) {
        return config.excludeFirstToken()
                .orElseGet(() -> (Boolean) corpus.getProperty("firstTokenIsSink"));
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
