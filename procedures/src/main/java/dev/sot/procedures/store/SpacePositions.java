package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * What the positions of a space are: those of its corpora, one corpus after the other. Of most
 * spaces there is one corpus, whose indices they are. Spaces that see each layer through a map of
 * its own have all of these once a layer, layer after layer; a feature's firings are at its own
 * layer's.
 *
 * @param corpora the corpora
 * @param starts position of the first token of each, and the number of their positions
 * @param layers layers that have points of their own, ascending; none where all layers share theirs
 */
public record SpacePositions(List<Node> corpora, int[] starts, List<Integer> layers) {

    /** The positions of a space. */
    public static SpacePositions of(Node space) {
        return of(SpaceStore.corpora(space), SpaceStore.mappedLayers(space));
    }

    /** The positions of corpora, one after the other, whose points all layers share. */
    public static SpacePositions of(List<Node> corpora) {
        return of(corpora, List.of());
    }

    /** The positions of corpora as often as there are layers with points of their own. */
    public static SpacePositions of(List<Node> corpora, List<Integer> layers) {
        int[] starts = new int[corpora.size() + 1];
        for (int c = 0; c < corpora.size(); c++) {
            starts[c + 1] =
                    Math.addExact(
                            starts[c],
                            Math.toIntExact((Long) corpora.get(c).getProperty("positions")));
        }
        Math.multiplyExact(starts[corpora.size()], Math.max(1, layers.size()));
        return new SpacePositions(corpora, starts, layers);
    }

    /** Names of the corpora. */
    public List<String> names() {
        return corpora.stream().map(SpacePositions::name).toList();
    }

    private static String name(Node corpus) {
        return (String) corpus.getProperty("name");
    }

    /** The number of positions of the corpora, each counted once. */
    public int ofCorpora() {
        return starts[starts.length - 1];
    }

    /** The number of positions, that is of points. */
    public int size() {
        return ofCorpora() * Math.max(1, layers.size());
    }

    /**
     * What is added to positions of the corpora to get those of a feature.
     *
     * @throws ConfigurationException when the space has no map for the feature's layer
     */
    public int start(Node feature) {
        if (layers.isEmpty()) {
            return 0;
        }
        int layer = ((Number) feature.getProperty("layer")).intValue();
        int index = layers.indexOf(layer);
        if (index < 0) {
            throw new ConfigurationException(
                    "feature '%s' is of layer %d, and the reference space places layers %s only; choose features of these, or fit a space with {layers: [...]} of more"
                            .formatted(feature.getProperty("key"), layer, layers));
        }
        return index * ofCorpora();
    }

    /** The position of the corpora of which a position of the space is. */
    public int ofCorpora(int position) {
        return position % ofCorpora();
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
        for (int start = ofCorpora(); start < prompts.length; start += ofCorpora()) {
            System.arraycopy(prompts, 0, prompts, start, ofCorpora());
        }
        return prompts;
    }

    /**
     * What a feature does on the space's positions, or null when it was not recorded there or never
     * fires.
     */
    public CorpusStore.FeatureActivations activations(Transaction tx, Node feature) {
        int start = start(feature);
        CorpusStore.FeatureActivations recorded =
                activations(tx, (String) feature.getProperty("key"));
        return recorded == null ? null : recorded.shifted(start);
    }

    /**
     * What a feature does on the space's positions of one corpus, or null when it was not recorded
     * there or never fires.
     *
     * @param corpus place of the corpus among the space's
     */
    public CorpusStore.FeatureActivations activations(Transaction tx, Node feature, int corpus) {
        CorpusStore.FeatureActivations recorded =
                CorpusStore.activations(
                        tx, (String) feature.getProperty("key"), name(corpora.get(corpus)));
        return recorded == null ? null : recorded.shifted(start(feature) + starts[corpus]);
    }

    /** The same on the positions of the corpora. */
    public CorpusStore.FeatureActivations activations(Transaction tx, String featureKey) {
        List<CorpusStore.FeatureActivations> recorded = new ArrayList<>();
        for (int c = 0; c < corpora.size(); c++) {
            CorpusStore.FeatureActivations there =
                    CorpusStore.activations(tx, featureKey, name(corpora.get(c)));
            if (there != null) {
                recorded.add(there.shifted(starts[c]));
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
        int there = ofCorpora(position);
        int c =
                IntStream.range(0, corpora.size())
                        .filter(i -> there < starts[i + 1])
                        .findFirst()
                        .orElseThrow();
        return CorpusStore.token(tx, name(corpora.get(c)), there - starts[c], reach);
    }
}
