package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.distance.FeatureDistances;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.LoadedCircuit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * Distances among a circuit's feature nodes: those of their features, so nodes of the same feature
 * are at distance 0.
 *
 * @param features the features and their distances
 * @param clustered feature nodes whose feature has a distribution, ascending
 * @param without feature nodes whose feature has none, ascending
 * @param feature for each clustered node the index of its feature
 * @param condensed distances among the clustered nodes
 */
record NodeDistances(
        FeatureDistances features,
        int[] clustered,
        int[] without,
        int[] feature,
        double[] condensed) {

    /**
     * Computes them.
     *
     * @param heap counts what is loaded and computed, for as long as the caller keeps it open
     */
    static NodeDistances of(
            Session session,
            Heap heap,
            LoadedCircuit circuit,
            DistanceConfig config,
            int concurrency) {
        FeatureDistances distances =
                FeatureDistances.of(
                        session,
                        heap,
                        List.copyOf(circuit.distinctFeatures()),
                        config,
                        concurrency);
        Map<String, Integer> indices = new HashMap<>();
        for (Node known : distances.clouds().features()) {
            indices.put(key(known), indices.size());
        }
        int[] featureNodes = circuit.ofKind(CircuitNodeKind.FEATURE);
        int[] feature =
                Arrays.stream(featureNodes)
                        .map(
                                v ->
                                        circuit.features()[v] == null
                                                ? -1
                                                : indices.getOrDefault(
                                                        key(circuit.features()[v]), -1))
                        .toArray();
        int[] clustered =
                IntStream.range(0, feature.length)
                        .filter(i -> feature[i] >= 0)
                        .map(i -> featureNodes[i])
                        .toArray();
        int[] without =
                IntStream.range(0, feature.length)
                        .filter(i -> feature[i] < 0)
                        .map(i -> featureNodes[i])
                        .toArray();
        int[] of = Arrays.stream(feature).filter(f -> f >= 0).toArray();
        int n = clustered.length;
        if (n > MAX_NODES) {
            throw new ConfigurationException(
                    "circuit '"
                            + circuit.name()
                            + "' has "
                            + n
                            + " feature nodes with a distribution; at most "
                            + MAX_NODES
                            + " can be grouped at once");
        }
        // The linkage works on a copy.
        heap.take(2 * 8L * n * (n - 1) / 2);
        double[] condensed = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                condensed[next++] = distances.matrix().get(of[i], of[j]);
            }
        }
        return new NodeDistances(distances, clustered, without, of, condensed);
    }

    /** Nodes whose pairs an array can number. */
    private static final int MAX_NODES = 46_341;

    private static String key(Node feature) {
        return (String) feature.getProperty("key");
    }
}
