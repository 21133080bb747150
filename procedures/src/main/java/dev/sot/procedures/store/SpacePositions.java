package dev.sot.procedures.store;

import dev.sot.procedures.runtime.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * What the positions of a space are: those of its corpora, one corpus after the other. Of most
 * spaces there is one corpus, whose indices they are.
 *
 * @param corpora the corpora
 * @param starts position of the first token of each, and the number of positions
 */
public record SpacePositions(List<Node> corpora, int[] starts) {

    /** The positions of a space. */
    public static SpacePositions of(Node space) {
        return of(SpaceStore.corpora(space));
    }

    /** The positions of corpora, one after the other. */
    public static SpacePositions of(List<Node> corpora) {
        int[] starts = new int[corpora.size() + 1];
        for (int c = 0; c < corpora.size(); c++) {
            starts[c + 1] =
                    Math.addExact(
                            starts[c],
                            Math.toIntExact((Long) corpora.get(c).getProperty("positions")));
        }
        return new SpacePositions(corpora, starts);
    }

    /** Names of the corpora. */
    public List<String> names() {
        return corpora.stream().map(SpacePositions::name).toList();
    }

    private static String name(Node corpus) {
        return (String) corpus.getProperty("name");
    }

    /** The number of positions. */
    public int size() {
        return starts[starts.length - 1];
    }

    /** The number of prompts. */
    public int promptCount() {
        return corpora.stream().mapToInt(c -> ((Number) c.getProperty("prompts")).intValue()).sum();
    }

    /** The prompt of each position, numbered through all corpora. */
    public int[] prompts(Session session) {
        int[] prompts = new int[size()];
        int before = 0;
        for (int c = 0; c < corpora.size(); c++) {
            int[] here = CorpusStore.promptLayout(session, corpora.get(c)).prompts();
            for (int i = 0; i < here.length; i++) {
                prompts[starts[c] + i] = before + here[i];
            }
            before += ((Number) corpora.get(c).getProperty("prompts")).intValue();
        }
        return prompts;
    }

    /**
     * What a feature does on the space's positions, or null when it was not recorded there or never
     * fires.
     */
    public CorpusStore.FeatureActivations activations(Transaction tx, String featureKey) {
        List<CorpusStore.FeatureActivations> recorded = new ArrayList<>();
        for (int c = 0; c < corpora.size(); c++) {
            CorpusStore.FeatureActivations there =
                    CorpusStore.activations(tx, featureKey, name(corpora.get(c)));
            if (there != null) {
                int start = starts[c];
                recorded.add(
                        new CorpusStore.FeatureActivations(
                                Arrays.stream(there.positions()).map(p -> start + p).toArray(),
                                there.values()));
            }
        }
        if (recorded.size() < 2) {
            return recorded.isEmpty() ? null : recorded.get(0);
        }
        return new CorpusStore.FeatureActivations(
                recorded.stream().flatMapToInt(r -> Arrays.stream(r.positions())).toArray(),
                recorded.stream().flatMapToDouble(r -> Arrays.stream(r.values())).toArray());
    }

    /** On how many of the space's positions a feature fires. */
    public long firings(Transaction tx, String featureKey) {
        return corpora.stream()
                .mapToLong(c -> CorpusStore.firings(tx, featureKey, name(c)).orElse(0))
                .sum();
    }

    /** The token at a position, see {@link CorpusStore#token}. */
    public CorpusStore.Token token(Transaction tx, int position, int reach) {
        int c =
                IntStream.range(0, corpora.size())
                        .filter(i -> position < starts[i + 1])
                        .findFirst()
                        .orElseThrow();
        return CorpusStore.token(tx, name(corpora.get(c)), position - starts[c], reach);
    }
}
