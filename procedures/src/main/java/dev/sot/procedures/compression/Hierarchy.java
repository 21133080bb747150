package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.cluster.Dendrogram;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/**
 * The hierarchy that a compression was cut from, as it is stored with it.
 *
 * @param dendrogram the merges
 * @param keys keys of the items, see {@link Items#key}
 */
record Hierarchy(Dendrogram dendrogram, List<String> keys) {

    private static final String ITEMS = "dendrogramItems";
    private static final String LEFT = "dendrogramLeft";
    private static final String RIGHT = "dendrogramRight";
    private static final String HEIGHT = "dendrogramHeight";
    private static final String REQUIRED = "dendrogramRequired";

    /** The hierarchy stored with a compression. */
    static Hierarchy of(Node compression) {
        if (!compression.hasProperty(ITEMS)) {
            throw new ConfigurationException(
                    "compression '"
                            + compression.getProperty("id")
                            + "' has no dendrogram; it was not made by hierarchical grouping");
        }
        String[] keys = (String[]) compression.getProperty(ITEMS);
        return new Hierarchy(
                Dendrogram.of(
                        keys.length,
                        (Integer) compression.getProperty(REQUIRED),
                        (int[]) compression.getProperty(LEFT),
                        (int[]) compression.getProperty(RIGHT),
                        (double[]) compression.getProperty(HEIGHT)),
                List.of(keys));
    }

    /** As properties of a compression. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(ITEMS, keys.toArray(String[]::new));
        properties.put(LEFT, merges().map(dendrogram::left).toArray());
        properties.put(RIGHT, merges().map(dendrogram::right).toArray());
        properties.put(HEIGHT, merges().mapToDouble(dendrogram::height).toArray());
        properties.put(REQUIRED, dendrogram.requiredMerges());
        return properties;
    }

    /** Key of the item that a cluster is, null for one of several items. */
    String item(int cluster) {
        return cluster < keys.size() ? keys.get(cluster) : null;
    }

    /** The merges, in ascending order of height. */
    Stream<MergeRow> rows(String circuit) {
        return merges().mapToObj(merge -> new MergeRow(circuit, this, merge));
    }

    /**
     * The items of a circuit that it is of, with their distributions where they have some, but
     * without any distance.
     *
     * @throws ConfigurationException when the circuit is not what it was
     */
    ItemSet items(Session session, Heap heap, LoadedCircuit circuit, CompressConfig config) {
        StoredCompression.requireSame(
                circuit, config.procedure(), config.dendrogram().orElseThrow());
        Items items = Items.of(circuit, ItemDistances.level(session, circuit, config.distance()));
        Map<String, Integer> places = new HashMap<>();
        for (int item = 0; item < items.size(); item++) {
            places.put(items.key(item), item);
        }
        int[] grouped =
                keys.stream()
                        .mapToInt(
                                key -> {
                                    Integer place = places.get(key);
                                    if (place == null) {
                                        throw config.problem(
                                                "'"
                                                        + key
                                                        + "' of the stored dendrogram is not in"
                                                        + " circuit '"
                                                        + circuit.name()
                                                        + "'; compress the circuit again");
                                    }
                                    return place;
                                })
                        .toArray();
        return ItemSet.of(
                items,
                grouped,
                new Measures(session, heap, items, config.distance(), config.concurrency())
                        .clouds());
    }

    private IntStream merges() {
        return IntStream.range(0, dendrogram.mergeCount());
    }
}
