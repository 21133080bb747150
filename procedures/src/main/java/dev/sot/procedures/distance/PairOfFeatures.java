package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.TransportPlan;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/** The distance of two features, and the transport plan behind it. */
final class PairOfFeatures {

    /** Tokens of context on either side of a position in a plan. */
    private static final int CONTEXT = 8;

    private final Session session;
    private final Transaction tx;
    private final Node space;
    private final DistributionStore.Loaded loaded;
    private final Geometry geometry;
    private final Cloud f;
    private final Cloud g;

    /** The pair that a procedure or function was given. */
    static PairOfFeatures of(
            Session session, String callee, Object f, Object g, Map<String, Object> configuration) {
        return new PairOfFeatures(
                session,
                FeatureArgument.feature(session.tx(), callee, "f", f),
                FeatureArgument.feature(session.tx(), callee, "g", g),
                DistanceConfig.only(callee, configuration));
    }

    private PairOfFeatures(Session session, Node f, Node g, DistanceConfig config) {
        this.session = session;
        this.tx = session.tx();
        this.space =
                SpaceStore.require(
                        tx,
                        config.space(),
                        new HashSet<>(
                                List.of(
                                        (String) f.getProperty("dictionary"),
                                        (String) g.getProperty("dictionary"))));
        String name = (String) space.getProperty("name");
        this.loaded =
                DistributionStore.Loaded.of(
                        tx,
                        space,
                        List.of(
                                DistributionStore.require(tx, (String) f.getProperty("key"), name),
                                DistributionStore.require(
                                        tx, (String) g.getProperty("key"), name)));
        this.geometry = new Geometry(loaded.points(), config.groundCost(), config.order());
        this.f = geometry.cloud(loaded.distributions().get(0));
        this.g = geometry.cloud(loaded.distributions().get(1));
    }

    double distance() {
        try (Heap heap = session.heap()) {
            heap.take(Wasserstein.workspaceBytes(f.size(), g.size()));
            return new Wasserstein(geometry, session.monitor()).distance(f, g);
        }
    }

    /** The flows of the plan, heaviest first. */
    List<PlanRow> plan() {
        TransportPlan plan;
        try (Heap heap = session.heap()) {
            heap.take(Wasserstein.workspaceBytes(f.size(), g.size()));
            plan = new Wasserstein(geometry, session.monitor()).plan(f, g);
        }
        String corpus = (String) SpaceStore.corpus(space).getProperty("name");
        List<PlanRow> rows = new ArrayList<>();
        for (int k = 0; k < plan.mass().length; k++) {
            int source = f.position(plan.source()[k]);
            int target = g.position(plan.target()[k]);
            double cost = geometry.groundDistance(source, target);
            rows.add(
                    new PlanRow(
                            CorpusStore.token(tx, corpus, loaded.positions()[source], CONTEXT),
                            CorpusStore.token(tx, corpus, loaded.positions()[target], CONTEXT),
                            plan.mass()[k],
                            cost));
        }
        rows.sort(
                Comparator.comparingDouble((PlanRow r) -> -r.mass)
                        .thenComparingLong(r -> r.sourcePosition)
                        .thenComparingLong(r -> r.targetPosition));
        return rows;
    }
}
