package dev.sot.procedures.distance;

import dev.sot.procedures.distribution.FiringBatches;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Bootstrap;
import dev.sot.transport.Cloud;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Support;
import dev.sot.transport.SupportMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.neo4j.graphdb.Node;

/**
 * The distributions of nodes, that is of features at a place in the prompt: where in one space a
 * feature fires at that place of the corpus's prompts, with bounded, quantized supports. They are
 * not stored.
 *
 * @param space the reference space
 * @param geometry the space's points, as far as they are needed, with a ground cost and an order
 * @param clouds the distributions, in the order of the nodes that have one
 * @param cloud for each node the index of its distribution; -1 where its feature fires at its place
 *     in no prompt, or only on excluded positions
 * @param positions corpus position of each row of the geometry's table
 */
public record NodeClouds(
        Node space, Geometry geometry, List<Cloud> clouds, int[] cloud, int[] positions) {

    /** A node's support and cloud beside their arrays: references and headers. */
    private static final long BYTES_PER_NODE = 400;

    /**
     * A feature at a place.
     *
     * @param feature the feature
     * @param position place in the prompt, as positions of circuits and corpora are numbered; empty
     *     for all places together
     */
    public record FeatureAt(Node feature, OptionalInt position) {

        public FeatureAt(Node feature, int position) {
            this(feature, OptionalInt.of(position));
        }

        /** A feature at all places together. */
        public static FeatureAt anywhere(Node feature) {
            return new FeatureAt(feature, OptionalInt.empty());
        }
    }

    /**
     * How distributions are made from activations.
     *
     * @param method of bounding supports
     * @param supportSize largest number of points of a distribution, at least 1
     * @param seed of sampling
     * @param resample the prompts to make them from, where that is not the corpus as it is
     */
    public record Recipe(
            SupportMethod method, int supportSize, long seed, Optional<Bootstrap> resample) {

        /** Quantized, which has no randomness. */
        public static Recipe quantized(int supportSize) {
            return new Recipe(SupportMethod.QUANTIZED, supportSize, 0, Optional.empty());
        }
    }

    /**
     * Builds them. The result does not depend on concurrency.
     *
     * @param heap counts what is kept, for as long as the caller keeps it open
     * @param recipe how they are made
     * @param concurrency number of threads, at least 1
     */
    public static NodeClouds of(
            Session session,
            Heap heap,
            Node space,
            List<FeatureAt> nodes,
            DistanceConfig config,
            Recipe recipe,
            int concurrency) {
        heap.take(heldBytes(space, nodes.size(), recipe.supportSize()));
        Support[] ofNodes = new Builder(session, space, nodes, recipe, concurrency).build();
        List<Support> supports = Arrays.stream(ofNodes).filter(Objects::nonNull).toList();
        int[] cloud = new int[ofNodes.length];
        int next = 0;
        for (int i = 0; i < cloud.length; i++) {
            cloud[i] = ofNodes[i] == null ? -1 : next++;
        }
        CompactPoints compact =
                CompactPoints.of(
                        session.tx(), space, supports.stream().map(Support::distribution).toList());
        Geometry geometry =
                new Geometry(compact.points(), config.groundCost(space), config.order());
        List<Cloud> clouds = new ArrayList<>(supports.size());
        for (Support support : supports) {
            session.monitor().check();
            clouds.add(geometry.cloud(compact.rows(support.distribution())));
        }
        return new NodeClouds(space, geometry, clouds, cloud, compact.positions());
    }

    /** Bytes of heap that the distributions of so many nodes take at most. */
    public static long heldBytes(Node space, int nodes, int maxSupport) {
        int dimension = dimension(space);
        int supportSize = SpaceStore.isOfTokens(space) ? tokensAtOnePlace(space) : maxSupport;
        long points = Math.min((long) nodes * supportSize, (long) SpacePositions.of(space).size());
        return CorpusStore.PromptLayout.bytes((Long) space.getProperty("positions"))
                + nodes
                        * (BYTES_PER_NODE
                                + 32L * supportSize
                                + Geometry.cloudBytes(supportSize, dimension))
                + 4L * points * (1 + dimension);
    }

    /** Different tokens that there can be at one place of the prompts. */
    private static int tokensAtOnePlace(Node space) {
        long prompts = (Long) SpaceStore.corpus(space).getProperty("prompts");
        return (int) Math.min(prompts, (Integer) space.getProperty("tokens"));
    }

    private static int dimension(Node space) {
        return ((Number) space.getProperty("dimension")).intValue();
    }

    /** Reads features' activations, one feature at a time, and builds supports in batches. */
    private static final class Builder {

        private final Session session;
        private final List<FeatureAt> nodes;
        private final Optional<Bootstrap> resample;
        private final FiringBatches<Support> supports;
        private final BitSet excluded;
        private final int[] places;
        private final SpacePositions positions;

        Builder(
                Session session,
                Node space,
                List<FeatureAt> nodes,
                Recipe recipe,
                int concurrency) {
            this.session = session;
            this.nodes = nodes;
            this.resample = recipe.resample();
            this.supports =
                    FiringBatches.supports(
                            session,
                            space,
                            SpaceStore.supports(
                                    space, recipe.method(), recipe.supportSize(), recipe.seed()),
                            concurrency);
            this.excluded = SpaceStore.excluded(session.tx(), space);
            Node corpusNode = SpaceStore.corpus(space);
            this.places = CorpusStore.promptLayout(session, corpusNode).places();
            this.positions = SpacePositions.of(space);
        }

        /** The nodes' supports; null where there is none. */
        Support[] build() {
            Map<String, List<Integer>> byFeature = new LinkedHashMap<>();
            for (int i = 0; i < nodes.size(); i++) {
                byFeature
                        .computeIfAbsent(
                                (String) nodes.get(i).feature().getProperty("key"),
                                k -> new ArrayList<>())
                        .add(i);
            }
            List<Integer> present = new ArrayList<>();
            int looked = 0;
            for (Map.Entry<String, List<Integer>> feature : byFeature.entrySet()) {
                session.monitor().check();
                session.monitor().progress("building distributions", looked++, byFeature.size());
                CorpusStore.FeatureActivations activations =
                        positions.activations(session.tx(), feature.getKey());
                if (activations == null) {
                    continue;
                }
                for (int node : feature.getValue()) {
                    firings(nodes.get(node), activations)
                            .ifPresent(
                                    firings -> {
                                        present.add(node);
                                        supports.add(firings);
                                    });
                }
            }
            Support[] built = new Support[nodes.size()];
            Iterator<Support> reduced = supports.take().iterator();
            present.forEach(node -> built[node] = reduced.next());
            return built;
        }

        private Optional<Firings> firings(
                FeatureAt node, CorpusStore.FeatureActivations activations) {
            OptionalInt place = node.position();
            int[] chosen = new int[activations.positions().length];
            double[] values = new double[chosen.length];
            int count = 0;
            for (int i = 0; i < chosen.length; i++) {
                if (place.isEmpty() || places[activations.positions()[i]] == place.getAsInt()) {
                    chosen[count] = activations.positions()[i];
                    values[count++] = activations.values()[i];
                }
            }
            int[] there = Arrays.copyOf(chosen, count);
            double[] strengths = Arrays.copyOf(values, count);
            int start = positions.start(node.feature());
            return Firings.of(
                    (String) node.feature().getProperty("key"),
                    Arrays.stream(there).map(p -> start + p).toArray(),
                    resample.map(r -> r.activations(there, strengths)).orElse(strengths),
                    excluded);
        }
    }
}
