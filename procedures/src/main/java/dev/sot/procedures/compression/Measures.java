package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.FeatureClouds;
import dev.sot.procedures.distance.FeatureDistances;
import dev.sot.procedures.distance.FeatureSupports;
import dev.sot.procedures.distance.NodeClouds;
import dev.sot.procedures.distance.NodeClouds.FeatureAt;
import dev.sot.procedures.distance.NodeClouds.Recipe;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.FeatureVectors;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Cloud;
import dev.sot.transport.Coactivation;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.cluster.Directions;
import dev.sot.transport.cluster.EdgeProfiles;
import dev.sot.transport.cluster.RoleVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/** What each measure says of some items. */
final class Measures {

    private final Session session;
    private final Heap heap;
    private final Items items;
    private final DistanceChoice choice;
    private final int concurrency;

    /**
     * What a measure says.
     *
     * @param known the items that it says something of, ascending
     * @param condensed distances among them
     * @param clouds the distributions, where those are compared
     */
    record Measured(int[] known, double[] condensed, Optional<ItemClouds> clouds) {}

    Measures(Session session, Heap heap, Items items, DistanceChoice choice, int concurrency) {
        this.session = session;
        this.heap = heap;
        this.items = items;
        this.choice = choice;
        this.concurrency = concurrency;
    }

    /** The distances of the measure chosen. */
    Measured chosen() {
        return switch (choice.measure()) {
            case WASSERSTEIN ->
                    items.level() == Level.NODE
                            ? made(Recipe.quantized(choice.supportSize()))
                            : wassersteinOfFeatures();
            case DECODER_COSINE -> decoderCosine();
            case ACTIVATION_CORRELATION -> activationCorrelation();
            case EDGE_PROFILE -> ofLinks(EdgeProfiles::distances);
            case ROLE_VECTORS -> ofLinks(RoleVectors::distances);
        };
    }

    /** The reference space that is meant. */
    static Node space(Session session, Items items, DistanceChoice choice) {
        return SpaceStore.require(
                session.tx(),
                choice.wasserstein().space(),
                items.features().stream()
                        .map(f -> (String) f.getProperty("dictionary"))
                        .collect(Collectors.toSet()),
                ", or compare by links, which needs no activations: {distance: 'edgeProfile'}");
    }

    /** The items' distributions, where those are compared, without comparing them. */
    Optional<ItemClouds> clouds() {
        if (choice.measure() != Measure.WASSERSTEIN) {
            return Optional.empty();
        }
        if (items.level() == Level.NODE) {
            int[] of = withFeature();
            return Optional.of(
                    itemClouds(nodeClouds(of, Recipe.quantized(choice.supportSize())), of));
        }
        FeatureSupports supports =
                FeatureSupports.of(session, items.features(), choice.wasserstein().space());
        heap.take(supports.loadingBytes());
        FeatureClouds clouds = supports.load(session, choice.wasserstein());
        return Optional.of(ItemClouds.of(clouds, ofItems(places(clouds.features()))));
    }

    /** The items that have a feature. */
    private int[] withFeature() {
        return all(i -> items.featureOf(i) != null);
    }

    private NodeClouds nodeClouds(int[] of, Recipe recipe) {
        return NodeClouds.of(
                session,
                heap,
                space(session, items, choice),
                Arrays.stream(of)
                        .mapToObj(
                                i ->
                                        items.level() == Level.NODE
                                                ? new FeatureAt(
                                                        items.featureOf(i), items.position(i))
                                                : FeatureAt.anywhere(items.featureOf(i)))
                        .toList(),
                choice.wasserstein(),
                recipe,
                concurrency);
    }

    private ItemClouds itemClouds(NodeClouds nodes, int[] of) {
        int[] cloud = new int[items.size()];
        Arrays.fill(cloud, -1);
        for (int i = 0; i < of.length; i++) {
            cloud[of[i]] = nodes.cloud()[i];
        }
        return new ItemClouds(nodes.space(), nodes.clouds(), cloud, nodes.positions());
    }

    /**
     * What comparing takes, looked up without comparing.
     *
     * @param items most items that will have distances
     * @param bytes of heap, with the distances
     */
    record Need(int items, long bytes) {}

    /** What {@link #clouds} takes, for so many items. */
    Need needOfItems(int n) {
        if (choice.measure() != Measure.WASSERSTEIN) {
            return new Need(n, 0);
        }
        return new Need(
                n,
                items.level() == Level.NODE
                        ? NodeClouds.heldBytes(
                                space(session, items, choice), n, choice.supportSize())
                        : FeatureSupports.of(
                                        session, items.features(), choice.wasserstein().space())
                                .loadingBytes());
    }

    /** What {@link #chosen} takes. */
    Need need() {
        int n = items.size();
        long pairs = 8L * DistanceMatrix.length(n);
        return switch (choice.measure()) {
            case WASSERSTEIN -> {
                if (items.level() == Level.NODE) {
                    yield new Need(
                            n,
                            NodeClouds.heldBytes(
                                            space(session, items, choice), n, choice.supportSize())
                                    + pairs
                                    + concurrency
                                            * Wasserstein.workspaceBytes(
                                                    choice.supportSize(), choice.supportSize()));
                }
                FeatureSupports supports =
                        FeatureSupports.of(session, items.features(), choice.wasserstein().space());
                yield new Need(
                        supports.features().size(), FeatureDistances.bytes(supports, concurrency));
            }
            case DECODER_COSINE ->
                    new Need(
                            n,
                            8L * DistanceMatrix.length(items.features().size())
                                    + items.features().stream()
                                            .mapToLong(
                                                    f ->
                                                            4L
                                                                    * decoder(f)
                                                                            .map(v -> v.length)
                                                                            .orElse(0))
                                            .sum()
                                    + (items.level() == Level.NODE ? pairs : 0));
            case ACTIVATION_CORRELATION -> new Need(n, pairs + 12 * firings());
            case EDGE_PROFILE, ROLE_VECTORS -> new Need(n, pairs);
        };
    }

    private long firings() {
        String corpus =
                (String) SpaceStore.corpus(space(session, items, choice)).getProperty("name");
        long firings = 0;
        for (Node feature : items.features()) {
            session.monitor().check();
            CorpusStore.FeatureActivations activations =
                    CorpusStore.activations(
                            session.tx(), (String) feature.getProperty("key"), corpus);
            firings += activations == null ? 0 : activations.positions().length;
        }
        return firings;
    }

    private static Optional<float[]> decoder(Node feature) {
        return FeatureVectors.of(feature).map(FeatureVectors::decoder);
    }

    /** Distances of distributions that are made for the call from the recorded activations. */
    Measured made(Recipe recipe) {
        int[] of = withFeature();
        NodeClouds nodes = nodeClouds(of, recipe);
        int largest = nodes.clouds().stream().mapToInt(Cloud::size).max().orElse(0);
        heap.take(
                8L * DistanceMatrix.length(nodes.clouds().size())
                        + concurrency * Wasserstein.workspaceBytes(largest, largest));
        ItemClouds clouds = itemClouds(nodes, of);
        return new Measured(
                present(clouds.cloud()),
                DistanceMatrix.compute(
                                nodes.clouds(), nodes.geometry(), concurrency, session.monitor())
                        .condensed(),
                Optional.of(clouds));
    }

    private Measured wassersteinOfFeatures() {
        FeatureDistances distances =
                FeatureDistances.of(
                        session, heap, items.features(), choice.wasserstein(), concurrency);
        int[] place = places(distances.clouds().features());
        Measured measured = ofFeatures(place, distances.matrix());
        return new Measured(
                measured.known(),
                measured.condensed(),
                Optional.of(ItemClouds.of(distances.clouds(), ofItems(place))));
    }

    private Measured decoderCosine() {
        List<Node> known = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (Node feature : items.features()) {
            session.monitor().check();
            Optional<float[]> decoder = decoder(feature);
            if (decoder.isPresent()) {
                float[] vector = decoder.get();
                if (!vectors.isEmpty() && vector.length != vectors.get(0).length) {
                    throw new ConfigurationException(
                            "decoder vectors of features '%s' and '%s' have %d and %d entries; distance 'decoderCosine' needs vectors of one model"
                                    .formatted(
                                            known.get(0).getProperty("key"),
                                            feature.getProperty("key"),
                                            vectors.get(0).length,
                                            vector.length));
                }
                heap.take(4L * vector.length);
                known.add(feature);
                vectors.add(vector);
            }
        }
        heap.take(8L * DistanceMatrix.length(vectors.size()));
        return ofFeatures(
                places(known),
                DistanceMatrix.of(
                        known.size(),
                        Directions.distances(vectors.toArray(float[][]::new), session.monitor())));
    }

    /**
     * Of features over the positions of the corpus; of nodes over its prompts, at the node's
     * position.
     */
    private Measured activationCorrelation() {
        Node corpus = SpaceStore.corpus(space(session, items, choice));
        Optional<CorpusStore.PromptLayout> layout =
                items.level() == Level.NODE
                        ? Optional.of(CorpusStore.promptLayout(session, corpus))
                        : Optional.empty();
        int[] known = new int[items.size()];
        List<int[]> positions = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (int item : withFeature()) {
            session.monitor().check();
            session.monitor().progress("reading activations", item, items.size());
            CorpusStore.FeatureActivations activations =
                    CorpusStore.activations(
                            session.tx(),
                            (String) items.featureOf(item).getProperty("key"),
                            (String) corpus.getProperty("name"));
            if (activations == null) {
                continue;
            }
            if (layout.isPresent()) {
                activations = layout.get().at(items.position(item), activations);
            }
            if (activations.positions().length > 0) {
                heap.take(12L * activations.positions().length);
                known[positions.size()] = item;
                positions.add(activations.positions());
                values.add(activations.values());
            }
        }
        heap.take(8L * DistanceMatrix.length(positions.size()));
        return new Measured(
                Arrays.copyOf(known, positions.size()),
                Coactivation.distances(
                        positions,
                        values,
                        (Long) corpus.getProperty(layout.isPresent() ? "prompts" : "positions"),
                        session.monitor()),
                Optional.empty());
    }

    /** Distances among nodes by their links. */
    @FunctionalInterface
    private interface LinkDistances {
        double[] of(CircuitGraph graph, int[] nodes, Monitor monitor);
    }

    /** 1 - cosine of the links in and out, summed over the nodes of each item. */
    double[] edgeProfiles(int[] of) {
        return byLinks(EdgeProfiles::distances, items.graph(), of);
    }

    /** Of the items that have a link of any weight: of the others links say nothing. */
    private Measured ofLinks(LinkDistances distances) {
        CircuitGraph graph = items.graph();
        int[] representatives = items.representatives();
        int[] linked =
                all(
                        i -> {
                            int v = representatives[i];
                            return IntStream.range(graph.inBegin(v), graph.inEnd(v))
                                            .anyMatch(k -> graph.inWeight(k) != 0)
                                    || IntStream.range(graph.outBegin(v), graph.outEnd(v))
                                            .anyMatch(k -> graph.outWeight(k) != 0);
                        });
        return new Measured(linked, byLinks(distances, graph, linked), Optional.empty());
    }

    private double[] byLinks(LinkDistances distances, CircuitGraph graph, int[] of) {
        session.monitor().check();
        heap.take(8L * DistanceMatrix.length(of.length));
        int[] representatives = items.representatives();
        return distances.of(
                graph, Arrays.stream(of).map(i -> representatives[i]).toArray(), session.monitor());
    }

    private int[] all(IntPredicate fitting) {
        return IntStream.range(0, items.size()).filter(fitting).toArray();
    }

    /** Where each of the items' features is in a list, -1 where it is not. */
    private int[] places(List<Node> known) {
        Map<String, Integer> places = new HashMap<>();
        for (Node feature : known) {
            places.put(feature.getElementId(), places.size());
        }
        return items.features().stream()
                .mapToInt(f -> places.getOrDefault(f.getElementId(), -1))
                .toArray();
    }

    private int[] ofItems(int[] ofFeatures) {
        return Arrays.stream(items.feature()).map(f -> f < 0 ? -1 : ofFeatures[f]).toArray();
    }

    /** Distances of features as those of items. */
    private Measured ofFeatures(int[] place, DistanceMatrix matrix) {
        int[] of = ofItems(place);
        int[] known = present(of);
        if (known.length == matrix.size() && items.size() == items.features().size()) {
            return new Measured(known, matrix.condensed(), Optional.empty());
        }
        int n = known.length;
        heap.take(8L * DistanceMatrix.length(n));
        double[] condensed = new double[DistanceMatrix.length(n)];
        int next = 0;
        for (int i = 0; i < n; i++) {
            session.monitor().check();
            for (int j = i + 1; j < n; j++) {
                condensed[next++] = matrix.get(of[known[i]], of[known[j]]);
            }
        }
        return new Measured(known, condensed, Optional.empty());
    }

    private static int[] present(int[] place) {
        return IntStream.range(0, place.length).filter(i -> place[i] >= 0).toArray();
    }
}
