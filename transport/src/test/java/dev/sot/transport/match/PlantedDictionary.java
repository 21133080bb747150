package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A dictionary with near twins on two disjoint halves of the prompts, rescaled, with matchings of
 * some of its features on one half to some of them on the other: each is its own partner.
 */
final class PlantedDictionary {

    private static final int PROMPTS = 80;
    private static final int PER_PROMPT = 25;
    private static final int DIMENSION = 8;

    private final Geometry geometry;
    private final Cloud background;
    private final List<Cloud> from;
    private final List<Cloud> to;
    private final double[] fromNoise;
    private final double[] toNoise;

    PlantedDictionary(int features, long seed) {
        Random random = new Random(seed);
        int rows = PROMPTS * PER_PROMPT;
        int[] prompt = IntStream.range(0, rows).map(row -> row / PER_PROMPT).toArray();
        float[] values = new float[rows * DIMENSION];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        PointTable points = new PointTable(DIMENSION, values);
        this.geometry = new Geometry(points, GroundCost.EUCLIDEAN, 1);
        SupportBuilder builder = new SupportBuilder(SupportMethod.QUANTIZED, 16, 1);
        PromptHalves halves = new PromptHalves(prompt, PROMPTS, seed);
        List<Firings> first = new ArrayList<>();
        List<Firings> second = new ArrayList<>();
        double[] centre = new double[DIMENSION];
        for (int f = 0; f < features; f++) {
            // Every tenth is near to the one before.
            double step = f % 10 == 9 ? .8 : 0;
            for (int k = 0; k < DIMENSION; k++) {
                centre[k] =
                        step > 0
                                ? centre[k] + step * random.nextGaussian()
                                : 1.2 * random.nextGaussian();
            }
            Firings all = around(centre, points, "f" + f, Math.exp(4 * random.nextGaussian()));
            first.add(halves.half(all, 0).orElseThrow());
            second.add(halves.half(all, 1).orElseThrow());
        }
        this.background =
                clouds(builder, List.of(Background.firings(IntStream.range(0, rows).toArray())))
                        .get(0);
        this.from = clouds(builder, first);
        this.to = clouds(builder, second);
        SamplingNoise noise = new SamplingNoise(geometry, builder, prompt, seed);
        this.fromNoise = noise.of(first, 2, Monitor.NONE);
        this.toNoise = noise.of(second, 2, Monitor.NONE);
    }

    private static Firings around(double[] centre, PointTable points, String key, double scale) {
        double[] squared = new double[points.size()];
        for (int row = 0; row < squared.length; row++) {
            for (int k = 0; k < DIMENSION; k++) {
                double d = points.coordinate(row, k) - centre[k];
                squared[row] += d * d;
            }
        }
        double reach = Arrays.stream(squared).sorted().skip(60).findFirst().orElseThrow();
        int[] rows = IntStream.range(0, squared.length).filter(r -> squared[r] < reach).toArray();
        double[] activations =
                Arrays.stream(rows).mapToDouble(r -> scale * (1.2 * reach - squared[r])).toArray();
        return Firings.of(key, rows, activations, null).orElseThrow();
    }

    private List<Cloud> clouds(SupportBuilder builder, List<Firings> firings) {
        return builder.build(firings, geometry.points(), 2, Monitor.NONE).stream()
                .map(support -> geometry.cloud(support.distribution()))
                .toList();
    }

    Geometry geometry() {
        return geometry;
    }

    Cloud background() {
        return background;
    }

    /** The features on the sources' half. */
    List<Cloud> from() {
        return from;
    }

    /** The features on the targets' half. */
    List<Cloud> to() {
        return to;
    }

    /** Some features on one half among some on the other; the populations are the same ones. */
    MatchProblem problem(int[] sources, int[] targets) {
        return new MatchProblem(
                geometry,
                background,
                new MatchProblem.Side(
                        some(from, sources), some(fromNoise, sources), new int[sources.length]),
                new MatchProblem.Side(
                        some(to, targets),
                        some(toNoise, targets),
                        IntStream.range(0, targets.length).map(i -> 1).toArray()),
                List.of(population(sources), population(targets)));
    }

    /** Some features on one half among some on the other, judged by the whole dictionary. */
    MatchProblem selection(int[] sources, int[] targets) {
        return new MatchProblem(
                geometry,
                background,
                new MatchProblem.Side(
                        some(from, sources), some(fromNoise, sources), new int[sources.length]),
                new MatchProblem.Side(
                        some(to, targets), some(toNoise, targets), new int[targets.length]),
                List.of(population(IntStream.range(0, from.size()).toArray())));
    }

    /** The features on the same text on both sides. */
    MatchProblem onSharedText(int[] sources, int[] targets) {
        return new MatchProblem(
                geometry,
                background,
                new MatchProblem.Side(
                        some(from, sources), some(fromNoise, sources), new int[sources.length]),
                new MatchProblem.Side(
                        some(from, targets),
                        some(fromNoise, targets),
                        IntStream.range(0, targets.length).map(i -> 1).toArray()),
                List.of(onSharedText(sources), onSharedText(targets)));
    }

    private MatchProblem.Population population(int[] features) {
        return new MatchProblem.Population(
                some(from, features),
                some(to, features),
                IntStream.range(0, features.length).toArray(),
                some(fromNoise, features),
                some(toNoise, features));
    }

    private MatchProblem.Population onSharedText(int[] features) {
        List<Cloud> clouds = some(from, features);
        double[] noise = some(fromNoise, features);
        return new MatchProblem.Population(
                clouds, clouds, IntStream.range(0, features.length).toArray(), noise, noise);
    }

    private static List<Cloud> some(List<Cloud> clouds, int[] which) {
        return Arrays.stream(which).mapToObj(clouds::get).toList();
    }

    private static double[] some(double[] values, int[] which) {
        return Arrays.stream(which).mapToDouble(i -> values[i]).toArray();
    }
}
