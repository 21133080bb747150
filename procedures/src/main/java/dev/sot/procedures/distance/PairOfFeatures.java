package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.TransportPlan;
import dev.sot.transport.Wasserstein;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/** The distance of two features, and the transport plan behind it. */
public final class PairOfFeatures {

    private final Session session;
    private final Transaction tx;
    private final Node space;
    private final DistributionStore.Loaded loaded;
    private final Geometry geometry;
    private final Cloud f;
    private final Cloud g;

    /** The stored distributions of what a procedure or function was given as {@code f, g}. */
    static PairOfFeatures of(
            Session session, String callee, Object f, Object g, Map<String, Object> configuration) {
        Node first = FeatureArgument.feature(session.tx(), callee, "f", f);
        Node second = FeatureArgument.feature(session.tx(), callee, "g", g);
        DistanceConfig config = DistanceConfig.only(callee, configuration);
        Node space = space(session, first, second, config);
        String name = (String) space.getProperty("name");
        return new PairOfFeatures(
                session,
                space,
                Stream.of(first, second)
                        .map(
                                feature ->
                                        DistributionStore.require(
                                                session.tx(),
                                                (String) feature.getProperty("key"),
                                                name))
                        .toList(),
                config);
    }

    /** The space in which two features are compared. */
    public static Node space(Session session, Node f, Node g, DistanceConfig config) {
        return SpaceStore.require(
                session.tx(),
                config.space(),
                Stream.of(f, g)
                        .map(feature -> (String) feature.getProperty("dictionary"))
                        .collect(Collectors.toSet()));
    }

    /**
     * Two features by their distributions.
     *
     * @param pair over positions of the space
     */
    public PairOfFeatures(
            Session session,
            Node space,
            List<DistributionStore.Stored> pair,
            DistanceConfig config) {
        this.session = session;
        this.tx = session.tx();
        this.space = space;
        this.loaded = DistributionStore.Loaded.of(tx, space, pair);
        this.geometry = new Geometry(loaded.points(), config.groundCost(space), config.order());
        this.f = geometry.cloud(loaded.distributions().get(0));
        this.g = geometry.cloud(loaded.distributions().get(1));
    }

    double distance() {
        try (Heap heap = session.heap()) {
            heap.take(Wasserstein.workspaceBytes(f.size(), g.size()));
            return new Wasserstein(geometry, session.monitor()).distance(f, g);
        }
    }

    /**
     * Mass that moves between two positions.
     *
     * @param source position of f
     * @param target position of g
     * @param mass how much of it; all flows sum to 1
     * @param cost ground distance between the positions
     * @param share of the distance's p-th power that is this flow's; empty where the distance is 0
     */
    public record Flow(
            CorpusStore.Token source,
            CorpusStore.Token target,
            double mass,
            double cost,
            Optional<Double> share) {}

    /**
     * The flows of the plan, heaviest first.
     *
     * @param most how many to return at most
     * @param reach tokens of context on either side of a position
     */
    public List<Flow> flows(int most, int reach) {
        TransportPlan plan;
        try (Heap heap = session.heap()) {
            heap.take(Wasserstein.workspaceBytes(f.size(), g.size()));
            plan = new Wasserstein(geometry, session.monitor()).plan(f, g);
        }
        SpacePositions positions = SpacePositions.of(space);
        double total = plan.cost();
        return IntStream.range(0, plan.mass().length)
                .boxed()
                .sorted(
                        Comparator.comparingDouble((Integer k) -> -plan.mass()[k])
                                .thenComparingInt(k -> source(plan, k))
                                .thenComparingInt(k -> target(plan, k)))
                .limit(most)
                .map(
                        k -> {
                            int from = source(plan, k);
                            int to = target(plan, k);
                            double cost = geometry.groundDistance(from, to);
                            double part = plan.mass()[k] * Math.pow(cost, geometry.order());
                            return new Flow(
                                    positions.token(tx, loaded.positions()[from], reach),
                                    positions.token(tx, loaded.positions()[to], reach),
                                    plan.mass()[k],
                                    cost,
                                    total > 0 ? Optional.of(part / total) : Optional.empty());
                        })
                .toList();
    }

    /** Row of the table from which a flow comes. */
    private int source(TransportPlan plan, int flow) {
        return f.position(plan.source()[flow]);
    }

    private int target(TransportPlan plan, int flow) {
        return g.position(plan.target()[flow]);
    }
}
