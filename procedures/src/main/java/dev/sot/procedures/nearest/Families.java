package dev.sot.procedures.nearest;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.FeatureSupports;
import dev.sot.procedures.runtime.HeapRange;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.search.NearestNeighbours;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.neo4j.graphdb.Node;

/**
 * The features of a search in one space: sources and targets as indices of those that have a
 * distribution there.
 *
 * @param selected the sources as selected, also those without a distribution
 * @param supports the features of both families, each once
 * @param sources the sources that have a distribution
 * @param targets the targets that have one
 * @param sourcesWithout sources that have none
 * @param targetsWithout targets that have none
 * @param within whether the targets are the sources
 */
record Families(
        List<Node> selected,
        FeatureSupports supports,
        int[] sources,
        int[] targets,
        int sourcesWithout,
        int targetsWithout,
        boolean within) {

    /**
     * Selects and counts.
     *
     * @throws ConfigurationException when a family has no distribution in the space, or there is no
     *     space that both share
     */
    static Families of(Session session, NearestConfig config) {
        List<Node> sources = config.sources().resolve(session.tx());
        boolean within = config.targets().isEmpty();
        List<Node> targets = within ? sources : config.targets().get().resolve(session.tx());
        Set<Node> both = new LinkedHashSet<>(sources);
        both.addAll(targets);
        FeatureSupports supports = FeatureSupports.of(session, both, config.distance().space());
        Map<Node, Integer> indices = new HashMap<>();
        for (Node feature : supports.features()) {
            indices.put(feature, indices.size());
        }
        int[] from = present(sources, indices);
        int[] to = within ? from : present(targets, indices);
        requireSome("source", sources, from, supports);
        requireSome("target", targets, to, supports);
        return new Families(
                sources,
                supports,
                from,
                to,
                sources.size() - from.length,
                targets.size() - to.length,
                within);
    }

    private static int[] present(List<Node> family, Map<Node, Integer> indices) {
        return family.stream()
                .mapToInt(feature -> indices.getOrDefault(feature, -1))
                .filter(index -> index >= 0)
                .toArray();
    }

    private static void requireSome(
            String family, List<Node> selected, int[] present, FeatureSupports supports) {
        if (selected.isEmpty()) {
            throw new ConfigurationException(
                    "no " + family + " is selected: the list or query that chooses them has none");
        }
        if (present.length == 0) {
            Object space = supports.space().getProperty("name");
            throw new ConfigurationException(
                    "no "
                            + family
                            + " has a distribution in the reference space '"
                            + space
                            + "'; sources and targets must share one space. Choose another with"
                            + " {space: ...}, or write distributions there with CALL"
                            + " sot.distributions.write({space: '"
                            + space
                            + "'})");
        }
    }

    /** Heap for loading both families and searching. */
    HeapRange heap(NearestConfig config) {
        // A source has no neighbour, or all that it may.
        return new HeapRange(bytes(config, 0), bytes(config, mostNeighbours(config)));
    }

    private int mostNeighbours(NearestConfig config) {
        return Math.min(targets.length, config.query().k());
    }

    /** Bytes of heap with so many neighbours a source. */
    long bytes(NearestConfig config, int neighbours) {
        int largest = supports.largestSupport();
        return Math.max(
                supports.loadingBytes(),
                supports.heldBytes()
                        + NearestNeighbours.estimate(
                                config.distance().groundCost(supports.space()),
                                config.distance().order(),
                                supports.distinctPoints(),
                                supports.dimension(),
                                sources.length,
                                targets.length,
                                Arrays.stream(targets).mapToLong(t -> supports.sizes()[t]).sum(),
                                neighbours,
                                config.concurrency())
                        + config.concurrency() * Wasserstein.workspaceBytes(largest, largest));
    }
}
