package dev.sot.tests.jmh;

import dev.sot.server.bench.CloudKind;
import dev.sot.server.bench.PointClouds;
import dev.sot.transport.Cloud;
import dev.sot.transport.ExactTransport;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.TransportPlan;
import dev.sot.transport.Wasserstein;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one pair of clouds costs, each time another pair, in one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = ExactDistanceBenchmark.VECTORS)
public class ExactDistanceBenchmark {
    static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private static final int CLOUDS = 32;

    @Param({"16", "64", "256"})
    private int size;

    @Param({"16", "64"})
    private int dimension;

    @Param({"2"})
    private int order;

    @Param({"clustered"})
    private CloudKind kind;

    private Wasserstein wasserstein;
    private List<Cloud> clouds;
    private ExactTransport transport;
    private double[] weights;
    private double[][] costs;
    private int next;

    /** Draws the clouds, and the ground costs from the first to each of the others. */
    @Setup
    public void draw() {
        PointClouds drawn = kind.draw(CLOUDS, size, dimension, 1);
        Geometry geometry = new Geometry(drawn.points(), GroundCost.EUCLIDEAN, order);
        wasserstein = new Wasserstein(geometry);
        clouds = drawn.distributions().stream().map(geometry::cloud).toList();
        transport = new ExactTransport();
        weights = drawn.clouds().get(0).weights();
        costs = new double[CLOUDS][size * size];
        for (int c = 0; c < CLOUDS; c++) {
            for (int i = 0; i < size * size; i++) {
                int target = c * size + i % size;
                costs[c][i] = Math.pow(geometry.groundDistance(i / size, target), order);
            }
        }
    }

    /** The distance of two clouds, with the Vector API. */
    @Benchmark
    public double distance() {
        return wasserstein.distance(clouds.get(0), nextCloud());
    }

    /** The distance of two clouds, without the Vector API. */
    @Benchmark
    @Fork(1)
    public double distanceInPlainJava() {
        return wasserstein.distance(clouds.get(0), nextCloud());
    }

    /** The certified lower bound on the distance of two clouds. */
    @Benchmark
    public double lowerBound() {
        return wasserstein.lowerBound(clouds.get(0), nextCloud());
    }

    /** The plan for given ground costs. */
    @Benchmark
    public TransportPlan planForGivenCosts() {
        return transport.solve(costs[nextIndex()], weights, weights);
    }

    private Cloud nextCloud() {
        return clouds.get(nextIndex());
    }

    private int nextIndex() {
        next = next % (CLOUDS - 1) + 1;
        return next;
    }
}
