package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.match.PromptHalves;
import dev.sot.transport.match.baseline.Recording;
import dev.sot.transport.match.baseline.TokenLikeness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.neo4j.graphdb.Node;

/**
 * A corpus as methods of matching are compared on it: prompts to match on, and prompts that no
 * method sees.
 *
 * @param space the reference space
 * @param corpus the corpus that it was fitted on
 * @param prompt for each position the index of its prompt
 * @param token for each position the number of its token
 * @param fit positions to match on, without those that the space excludes
 * @param heldOut positions to judge on, without those that the space excludes
 * @param fitPrompt for each prompt its number among those to match on, or -1
 * @param split whether the prompts themselves say what they are for
 */
record CompareCorpus(
        Node space,
        Node corpus,
        int[] prompt,
        int[] token,
        BitSet fit,
        BitSet heldOut,
        int[] fitPrompt,
        boolean split) {

    /**
     * Reads a corpus. Held out are the prompts whose {@code split} is heldout; where there are none
     * such, or no others, a half of the prompts.
     *
     * @param seed chooses the half
     */
    static CompareCorpus of(Session session, Heap heap, Node space, long seed) {
        Node corpus = SpaceStore.corpus(space);
        long positions = (Long) corpus.getProperty("positions");
        heap.take(CorpusStore.PromptLayout.bytes(positions) + 5 * positions);
        CorpusStore.PromptLayout layout = CorpusStore.promptLayout(session, corpus);
        BitSet excluded = SpaceStore.excluded(session.tx(), space);
        int prompts = Math.toIntExact((Long) corpus.getProperty("prompts"));
        BitSet heldOutPrompts = CorpusStore.heldOutPrompts(corpus);
        boolean split = !heldOutPrompts.isEmpty() && heldOutPrompts.cardinality() < prompts;
        int[] fitPrompt = new int[prompts];
        Arrays.fill(fitPrompt, -1);
        BitSet fit = new BitSet();
        BitSet heldOut = new BitSet();
        PromptHalves halves = new PromptHalves(layout.prompts(), prompts, seed);
        BitSet secondHalf = halves.positions(1);
        for (int i = 0; i < positions; i++) {
            int p = layout.prompts()[i];
            boolean held = split ? heldOutPrompts.get(p) : secondHalf.get(i);
            (held ? heldOut : fit).set(i, !excluded.get(i));
            if (!held) {
                fitPrompt[p] = 0;
            }
        }
        int number = 0;
        for (int p = 0; p < prompts; p++) {
            fitPrompt[p] = fitPrompt[p] < 0 ? -1 : number++;
        }
        return new CompareCorpus(
                space,
                corpus,
                layout.prompts(),
                TokenLikeness.numbered(layout.tokens()),
                fit,
                heldOut,
                fitPrompt,
                split);
    }

    /** What features do, at the positions that the space has for their layers. */
    Recording placed(List<Node> features, Recording recording) {
        SpacePositions positions = SpacePositions.of(space);
        return recording.shifted(features.stream().mapToInt(positions::start).toArray());
    }

    /** The number of prompts to match on. */
    int fitPrompts() {
        return (int) Arrays.stream(fitPrompt).filter(p -> p >= 0).count();
    }

    /** The number of prompts to judge on. */
    int heldOutPrompts() {
        return fitPrompt.length - fitPrompts();
    }

    /** The positions of two halves of the prompts to match on, drawn by a seed. */
    List<BitSet> halves(long seed) {
        int[] numbers = Arrays.stream(prompt).map(p -> Math.max(0, fitPrompt[p])).toArray();
        PromptHalves halves = new PromptHalves(numbers, fitPrompts(), seed);
        List<BitSet> positions = List.of(halves.positions(0), halves.positions(1));
        positions.forEach(half -> half.and(fit));
        return positions;
    }

    /** What features do on the whole corpus; nothing where they were not recorded. */
    Recording recording(Session session, Heap heap, List<Node> features) {
        List<int[]> positions = new ArrayList<>(features.size());
        List<double[]> values = new ArrayList<>(features.size());
        for (Node feature : features) {
            session.monitor().check();
            session.monitor().progress("reading activations", positions.size(), features.size());
            CorpusStore.FeatureActivations activations =
                    CorpusStore.activations(
                            session.tx(),
                            (String) feature.getProperty("key"),
                            (String) corpus.getProperty("name"));
            int firings = activations == null ? 0 : activations.positions().length;
            heap.take(12L * firings + 100);
            positions.add(firings == 0 ? new int[0] : activations.positions());
            values.add(firings == 0 ? new double[0] : activations.values());
        }
        return new Recording(positions, values);
    }
}
