package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.ContentHash;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.transport.PrincipalSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.neo4j.graphdb.Node;

/**
 * Which space is to be fitted on hidden states: what was asked for, with all that was left open.
 *
 * @param config what was asked for
 * @param corpus the corpus to fit on
 * @param positions those that get points
 * @param choice the method
 * @param reference the reference layer
 * @param layers the layers whose states are used, ascending
 * @param name of the space
 */
record SpacePlan(
        SpaceFitConfig config,
        Node corpus,
        SpacePositions positions,
        SpaceChoice choice,
        int reference,
        List<Integer> layers,
        String name) {

    /**
     * Decides.
     *
     * @param layout of the corpus to fit on
     * @throws ConfigurationException where a corpus or a layer is not to be had
     */
    static SpacePlan of(
            Session session, SpaceFitConfig config, Node corpus, CorpusStore.PromptLayout layout) {
        SpaceChoice choice = SpaceChoice.of(config, layout);
        List<Integer> recorded = recorded(corpus);
        int reference = config.layer().orElse(recorded.get(recorded.size() - 1));
        if (!recorded.contains(reference)) {
            throw notRecorded("layer", "be one of", recorded, reference);
        }
        List<Integer> layers = layers(config, choice.method(), recorded, reference);
        SpacePlan plan =
                new SpacePlan(
                        config,
                        corpus,
                        positions(session, config, corpus, choice.method(), layers),
                        choice,
                        reference,
                        layers,
                        config.name().orElse(choice.method().text()));
        plan.note();
        return plan;
    }

    private static List<Integer> recorded(Node corpus) {
        List<Integer> recorded = CorpusStore.stateLayers(corpus);
        if (recorded.isEmpty()) {
            throw new ConfigurationException(
                    "sot.space.fit: the corpus '"
                            + corpus.getProperty("name")
                            + "' has no hidden states; import a bundle with states, or compare"
                            + " features by their tokens with {method: 'tokens'}");
        }
        return recorded;
    }

    private static List<Integer> layers(
            SpaceFitConfig config, SpaceMethod method, List<Integer> recorded, int reference) {
        boolean several = method == SpaceMethod.CONCAT || method.mapsLayers();
        if (!several) {
            return List.of(reference);
        }
        List<Integer> chosen = new ArrayList<>(config.layers().orElse(recorded));
        if (!recorded.containsAll(chosen)) {
            throw notRecorded("layers", "be of", recorded, chosen);
        }
        if (method.mapsLayers()) {
            chosen.add(reference);
        }
        return List.copyOf(new TreeSet<>(chosen));
    }

    private static ConfigurationException notRecorded(
            String key, String be, List<Integer> recorded, Object chosen) {
        return new ConfigurationException(
                "sot.space.fit: configuration key `"
                        + key
                        + "` must "
                        + be
                        + " the layers with hidden states, "
                        + recorded
                        + ", got "
                        + chosen);
    }

    private static SpacePositions positions(
            Session session,
            SpaceFitConfig config,
            Node corpus,
            SpaceMethod method,
            List<Integer> layers) {
        TreeSet<String> names = new TreeSet<>(config.corpora().orElse(List.of()));
        names.add((String) corpus.getProperty("name"));
        List<Node> corpora =
                names.stream().map(name -> CorpusStore.require(session.tx(), name)).toList();
        for (Node other : corpora) {
            if (!CorpusStore.stateLayers(other).containsAll(layers)) {
                throw new ConfigurationException(
                        "sot.space.fit: the corpus '%s' has hidden states at layers %s, and the space needs %s; leave it out of `corpora`, or import it with these"
                                .formatted(
                                        other.getProperty("name"),
                                        CorpusStore.stateLayers(other),
                                        layers));
            }
        }
        return SpacePositions.of(corpora, method.mapsLayers() ? layers : List.of());
    }

    /** Shows what was decided in the effective configuration. */
    private void note() {
        config.effective().put("name", name);
        config.effective().put("method", choice.method().text());
        if (choice.method() == SpaceMethod.PROMPT) {
            config.effective().put("promptPositions", choice.promptPositions());
        }
        config.effective().put("corpus", corpus.getProperty("name"));
        if (positions.corpora().size() > 1) {
            config.effective().put("corpora", positions.names());
        }
        if (choice.method() != SpaceMethod.CONCAT) {
            config.effective().put("layer", reference);
        }
        if (usesSeveralLayers()) {
            config.effective().put("layers", layers);
        }
        config.effective().put("excludeFirstToken", SpacePart.excludesFirst(corpus, config));
    }

    private boolean usesSeveralLayers() {
        return choice.method() == SpaceMethod.CONCAT || choice.method().mapsLayers();
    }

    /** Writes what the space is to its node. */
    void describe(Node space, PrincipalSpace fitted) {
        space.setProperty("name", name);
        space.setProperty("method", choice.method().text());
        if (choice.method() != SpaceMethod.CONCAT) {
            space.setProperty("layer", reference);
        }
        if (usesSeveralLayers()) {
            space.setProperty("layers", layers.stream().mapToInt(Integer::intValue).toArray());
        }
        space.setProperty("mapped", choice.method().mapsLayers());
        if (choice.method() == SpaceMethod.PROMPT) {
            space.setProperty(
                    "promptPositions",
                    choice.promptPositions().stream().mapToInt(Integer::intValue).toArray());
        }
        space.setProperty("dimension", fitted.dimension());
        space.setProperty("whitened", fitted.whitened());
        space.setProperty("explainedVariance", fitted.explainedVariance());
        space.setProperty("positions", (long) positions.ofCorpora());
        space.setProperty("contentHash", contentHash());
    }

    /** Two spaces with the same hash hold the same points, up to the rounding of a backend. */
    String contentHash() {
        List<String> identity = new ArrayList<>();
        identity.add(
                choice.method() == SpaceMethod.PROMPT
                        ? choice.method().text() + choice.promptPositions()
                        : choice.method().text());
        identity.add((String) corpus.getProperty("name"));
        identity.add((String) corpus.getProperty("contentHash"));
        identity.add(
                choice.method() == SpaceMethod.CONCAT
                        ? layers.toString()
                        : Integer.toString(reference));
        identity.add(Integer.toString(config.dimension()));
        identity.add(Boolean.toString(config.whiten()));
        identity.add(Boolean.toString(SpacePart.excludesFirst(corpus, config)));
        identity.add(Double.toString(config.sinkFactor()));
        if (choice.method().mapsLayers()) {
            identity.add(layers.toString());
            identity.add(config.penalty().toString());
        }
        for (Node other : positions.corpora()) {
            if (!other.equals(corpus)) {
                identity.add((String) other.getProperty("name"));
                identity.add((String) other.getProperty("contentHash"));
                identity.add(Boolean.toString(SpacePart.excludesFirst(other, config)));
            }
        }
        return ContentHash.of(identity.toArray(String[]::new));
    }
}
