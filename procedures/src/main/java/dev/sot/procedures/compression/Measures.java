package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.FeatureDistances;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.Names;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.cluster.Directions;
import dev.sot.transport.cluster.EdgeProfiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Direction;
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
            case WASSERSTEIN -> wasserstein();
            case DECODER_COSINE -> decoderCosine();
            case EDGE_PROFILE -> {
                int[] all = IntStream.range(0, items.size()).toArray();
                yield new Measured(all, edgeProfiles(all), Optional.empty());
            }
        };
    }

    private Measured wasserstein() {
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
            if (feature.hasRelationship(Direction.OUTGOING, Names.HAS_VECTORS)) {
                float[] vector =
                        (float[])
                                feature.getSingleRelationship(Names.HAS_VECTORS, Direction.OUTGOING)
                                        .getEndNode()
                                        .getProperty("decoder");
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

    /** 1 - cosine of the links in and out, summed over the nodes of each item. */
    double[] edgeProfiles(int[] of) {
        heap.take(8L * DistanceMatrix.length(of.length));
        int[] representatives = items.representatives();
        return EdgeProfiles.distances(
                items.graph(),
                Arrays.stream(of).map(i -> representatives[i]).toArray(),
                session.monitor());
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
        return Arrays.stream(items.feature()).map(f -> ofFeatures[f]).toArray();
    }

    /** Distances of features as those of items. */
    private Measured ofFeatures(int[] place, DistanceMatrix matrix) {
        int[] of = ofItems(place);
        int[] known = IntStream.range(0, of.length).filter(i -> of[i] >= 0).toArray();
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
}
