package dev.sot.procedures.labelling;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.ResourceIterator;

/** Where features are most active, over all corpora, first tokens that are sinks left out. */
final class Contexts {

    /** Tokens shown on either side. */
    private static final int REACH = 12;

    private final Session session;
    private final int count;
    private final List<Node> corpora = new ArrayList<>();
    private final Map<String, List<String>> known = new HashMap<>();

    /**
     * @param count most contexts of a feature
     */
    Contexts(Session session, int count) {
        this.session = session;
        this.count = count;
        try (ResourceIterator<Node> found = session.tx().findNodes(Names.CORPUS)) {
            found.stream()
                    .filter(c -> Boolean.TRUE.equals(c.getProperty("complete")))
                    .sorted(Comparator.comparing(c -> (String) c.getProperty("name")))
                    .forEach(corpora::add);
        }
    }

    private record Context(double activation, String text) {}

    /** The contexts of a feature, strongest first; texts that occur again are left out. */
    List<String> of(String featureKey) {
        return known.computeIfAbsent(featureKey, this::strongest);
    }

    private List<String> strongest(String featureKey) {
        List<Context> contexts = new ArrayList<>();
        for (Node corpus : corpora) {
            session.monitor().check();
            contexts.addAll(strongest(featureKey, corpus));
        }
        contexts.sort(Comparator.comparingDouble(c -> -c.activation()));
        return contexts.stream().map(Context::text).distinct().limit(count).toList();
    }

    private List<Context> strongest(String featureKey, Node corpus) {
        String name = (String) corpus.getProperty("name");
        CorpusStore.FeatureActivations activations =
                CorpusStore.activations(session.tx(), featureKey, name);
        if (activations == null) {
            return List.of();
        }
        boolean firstIsSink = Boolean.TRUE.equals(corpus.getProperty("firstTokenIsSink"));
        double[] values = activations.values();
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .map(
                        i ->
                                new Firing(
                                        values[i],
                                        CorpusStore.token(
                                                session.tx(),
                                                name,
                                                activations.positions()[i],
                                                REACH)))
                .filter(f -> !firstIsSink || f.token().position() > 0)
                .map(f -> new Context(f.activation(), f.token().context()))
                .limit(count)
                .toList();
    }

    private record Firing(double activation, CorpusStore.Token token) {}
}
