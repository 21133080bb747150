package dev.sot.procedures.transport;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.PointTable;
import dev.sot.transport.TransportPlan;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.approximate.Estimate;
import dev.sot.transport.approximate.Estimator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Optimal transport between two measures that were given as arguments. */
final class TransportProblem {

    private final Session session;
    private final Measure source;
    private final Measure target;
    private final TransportConfig config;

    TransportProblem(Session session, Measure source, Measure target, TransportConfig config) {
        this.session = session;
        this.source = source;
        this.target = target;
        this.config = config;
        if (source.dimension() != target.dimension()) {
            throw new ConfigurationException(
                    "sot.transport: the points of argument `source` have "
                            + source.dimension()
                            + " coordinates and those of `target` "
                            + target.dimension()
                            + "; give all points the same number");
        }
        if (config.cost() == GroundCost.COSINE) {
            source.refuseZeroVectors();
            target.refuseZeroVectors();
        }
    }

    /** The distance with its certificate, and the plan if it is wanted. */
    Map<String, Object> solve() {
        try (Heap heap = session.heap()) {
            heap.take(bytes());
            return solved();
        }
    }

    /** Bytes of heap: the coordinates twice, as given and in one table, the clouds, the solver. */
    private long bytes() {
        long solver =
                config.estimator().isPresent()
                        ? Estimator.bytes(source.size(), target.size(), source.dimension())
                        : Wasserstein.workspaceBytes(source.size(), target.size());
        return 16L * (source.coordinates().length + target.coordinates().length)
                + Geometry.cloudBytes(source.size(), source.dimension())
                + Geometry.cloudBytes(target.size(), target.dimension())
                + solver;
    }

    private Map<String, Object> solved() {
        Geometry geometry = new Geometry(points(), config.cost(), config.order());
        Cloud f = geometry.cloud(distribution(source, 0));
        Cloud g = geometry.cloud(distribution(target, source.size()));
        return config.estimator().isPresent()
                ? estimated(config.estimator().get(), geometry, f, g)
                : exact(geometry, f, g);
    }

    private Map<String, Object> estimated(
            Estimator estimator, Geometry geometry, Cloud f, Cloud g) {
        Estimate estimate =
                estimator.over(geometry, config.seed(), session.monitor()).compare(f, g);
        boolean bounded = Double.isFinite(estimate.upper());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("distance", estimate.value());
        answer.put("lower", estimate.lower());
        answer.put("upper", bounded ? estimate.upper() : null);
        answer.put("gap", bounded ? estimate.gap(config.order()) : null);
        return answer;
    }

    private Map<String, Object> exact(Geometry geometry, Cloud f, Cloud g) {
        TransportPlan plan = new Wasserstein(geometry, session.monitor()).plan(f, g);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("distance", geometry.distance(plan.cost()));
        answer.put("lower", geometry.distance(plan.lowerBound(f, g)));
        answer.put("upper", geometry.distance(plan.cost()));
        answer.put("gap", plan.dualityGap());
        if (config.plan()) {
            answer.put("plan", flows(geometry, f, g, plan));
        }
        return answer;
    }

    private PointTable points() {
        double[] all =
                Arrays.copyOf(
                        source.coordinates(),
                        Math.addExact(source.coordinates().length, target.coordinates().length));
        System.arraycopy(
                target.coordinates(),
                0,
                all,
                source.coordinates().length,
                target.coordinates().length);
        return new PointTable(source.dimension(), all);
    }

    private static Distribution distribution(Measure measure, int first) {
        return new Distribution(
                IntStream.range(first, first + measure.size()).toArray(), measure.weights());
    }

    /** The flows of the plan, by source and target as they were given. */
    private List<Map<String, Object>> flows(
            Geometry geometry, Cloud f, Cloud g, TransportPlan plan) {
        List<Map<String, Object>> flows = new ArrayList<>(plan.mass().length);
        for (int k = 0; k < plan.mass().length; k++) {
            int from = f.position(plan.source()[k]);
            int to = g.position(plan.target()[k]);
            flows.add(
                    Map.of(
                            "source",
                            (long) from,
                            "target",
                            (long) to - source.size(),
                            "mass",
                            plan.mass()[k],
                            "cost",
                            geometry.groundDistance(from, to)));
        }
        return flows;
    }
}
