package dev.sot.procedures.match;

import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.distribution.FiringBatches;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.match.Blocks;
import dev.sot.transport.match.SamplingNoise;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.neo4j.graphdb.Node;

/** How far features' distributions are from themselves: between two halves of their prompts. */
final class SplitHalves {

    private final Session session;
    private final Node space;
    private final DistanceConfig distance;
    private final SupportBuilder builder;
    private final long seed;
    private final int concurrency;
    private final int[] prompts;

    /**
     * A measure of noise.
     *
     * @param prompts for each position of the space the index of its prompt
     * @param builder makes supports like those that are compared
     * @param seed divides each feature's prompts
     */
    SplitHalves(
            Session session,
            Node space,
            DistanceConfig distance,
            int[] prompts,
            SupportBuilder builder,
            long seed,
            int concurrency) {
        this.session = session;
        this.space = space;
        this.distance = distance;
        this.builder = builder;
        this.seed = seed;
        this.concurrency = concurrency;
        this.prompts = prompts;
    }

    /**
     * The noise of each feature; not a number where it fires in fewer than two prompts.
     *
     * @param name of the computation
     * @param features as many as there are
     * @param firings those of a feature by its index, read when they are needed
     */
    double[] noise(
            String name, int features, IntFunction<Optional<Firings>> firings, Blocks blocks) {
        return blocks.compute(
                name, features, 1, (from, to, monitor) -> noise(from, to, firings, monitor));
    }

    private double[] noise(int from, int to, IntFunction<Optional<Firings>> read, Monitor monitor) {
        FiringBatches<Double> batches = new FiringBatches<>(session, space, this::noise);
        boolean[] fires = new boolean[to - from];
        for (int i = 0; i < fires.length; i++) {
            monitor.check();
            monitor.progress("sampling noise", i, fires.length);
            Optional<Firings> firings = read.apply(from + i);
            fires[i] = firings.isPresent();
            firings.ifPresent(batches::add);
        }
        double[] noise = new double[fires.length];
        Arrays.fill(noise, Double.NaN);
        Iterator<Double> measured = batches.take().iterator();
        for (int i = 0; i < fires.length; i++) {
            if (fires[i]) {
                noise[i] = measured.next();
            }
        }
        return noise;
    }

    private List<Double> noise(List<Firings> firings, CompactPoints compact) {
        int[] promptOfRow = Arrays.stream(compact.positions()).map(p -> prompts[p]).toArray();
        double[] noise =
                new SamplingNoise(
                                new Geometry(
                                        compact.points(),
                                        distance.groundCost(space),
                                        distance.order()),
                                builder,
                                promptOfRow,
                                seed)
                        .of(firings, concurrency, session.monitor());
        return Arrays.stream(noise).boxed().toList();
    }
}
