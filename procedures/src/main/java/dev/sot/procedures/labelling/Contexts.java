package dev.sot.procedures.labelling;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import dev.sot.transport.match.Shuffle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.ResourceIterator;

/** Texts in which features are active, over all corpora, first tokens that are sinks left out. */
public final class Contexts {

    /** The order in which a feature's firings are shown. */
    @FunctionalInterface
    private interface Order {
        int[] of(String featureKey, double[] activations);
    }

    private final Session session;
    private final int count;
    private final int reach;
    private final Order order;
    private final List<Node> corpora = new ArrayList<>();
    private final Map<String, List<String>> known = new HashMap<>();

    private Contexts(Session session, int count, int reach, Order order) {
        this.session = session;
        this.count = count;
        this.reach = reach;
        this.order = order;
        try (ResourceIterator<Node> found = session.tx().findNodes(Names.CORPUS)) {
            found.stream()
                    .filter(c -> Boolean.TRUE.equals(c.getProperty("complete")))
                    .sorted(Comparator.comparing(c -> (String) c.getProperty("name")))
                    .forEach(corpora::add);
        }
    }

    /**
     * Those in which features are most active, strongest first.
     *
     * @param count most contexts of a feature
     * @param reach tokens shown on either side
     */
    static Contexts strongest(Session session, int count, int reach) {
        return new Contexts(
                session,
                count,
                reach,
                (feature, activations) ->
                        IntStream.range(0, activations.length)
                                .boxed()
                                .sorted(Comparator.comparingDouble(i -> -activations[i]))
                                .mapToInt(Integer::intValue)
                                .toArray());
    }

    /**
     * Random ones, all firings alike. A feature's are the same in all calls with the same seed.
     *
     * @param count most contexts of a feature
     * @param reach tokens shown on either side
     */
    public static Contexts random(Session session, int count, int reach, long seed) {
        return new Contexts(
                session,
                count,
                reach,
                (feature, activations) ->
                        Shuffle.of(
                                IntStream.range(0, activations.length).toArray(),
                                Shuffle.seed(seed, feature)));
    }

    /** Where a feature is active. */
    private record Firing(Node corpus, int position, double activation) {}

    /** The contexts of a feature; texts that occur again are left out. */
    public List<String> of(String featureKey) {
        return known.computeIfAbsent(featureKey, this::contexts);
    }

    private List<String> contexts(String featureKey) {
        List<Firing> firings = new ArrayList<>();
        for (Node corpus : corpora) {
            session.monitor().check();
            CorpusStore.FeatureActivations there =
                    CorpusStore.activations(
                            session.tx(), featureKey, (String) corpus.getProperty("name"));
            if (there != null) {
                for (int i = 0; i < there.positions().length; i++) {
                    firings.add(new Firing(corpus, there.positions()[i], there.values()[i]));
                }
            }
        }
        int[] ordered =
                order.of(featureKey, firings.stream().mapToDouble(Firing::activation).toArray());
        return Arrays.stream(ordered)
                .mapToObj(i -> text(firings.get(i)))
                .filter(Objects::nonNull)
                .distinct()
                .limit(count)
                .toList();
    }

    /** The text around a firing; null where that is a first token that is a sink. */
    private String text(Firing firing) {
        session.monitor().check();
        Node corpus = firing.corpus();
        CorpusStore.Token token =
                CorpusStore.token(
                        session.tx(),
                        (String) corpus.getProperty("name"),
                        firing.position(),
                        reach);
        boolean firstIsSink = Boolean.TRUE.equals(corpus.getProperty("firstTokenIsSink"));
        return firstIsSink && token.position() == 0 ? null : token.context();
    }
}
