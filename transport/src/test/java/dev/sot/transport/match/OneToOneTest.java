package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.Workers;
import dev.sot.transport.search.NeighbourTable;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.PairMemory;
import dev.sot.transport.search.SearchCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jgrapht.Graph;
import org.jgrapht.alg.matching.KuhnMunkresMinimalWeightBipartitePerfectMatching;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.SimpleWeightedGraph;
import org.junit.jupiter.api.Test;

class OneToOneTest {

    @Test
    void equalsTheHungarianOptimumOn50RandomCases() {
        for (int seed = 0; seed < 50; seed++) {
            double[][] cost = seed % 2 == 0 ? uniform(seed, 200, 200) : crowded(seed, 200, 200);
            OneToOne.Result result = match(cost);
            assertThat(result.cost()).as("seed " + seed).isCloseTo(hungarian(cost), within(1e-9));
            assertThat(Arrays.stream(result.target()).distinct().count()).isEqualTo(200);
        }
    }

    @Test
    void leavesTheRightColumnsOfARectangleFree() {
        for (int seed = 0; seed < 20; seed++) {
            double[][] cost = crowded(seed, 60, 90);
            double[][] square = Arrays.copyOf(cost, 90);
            for (int i = 60; i < 90; i++) {
                square[i] = new double[90];
            }
            assertThat(match(cost).cost())
                    .as("seed " + seed)
                    .isCloseTo(hungarian(square), within(1e-9));
        }
    }

    @Test
    void tiesAreBrokenTheSameWayEachTime() {
        double[][] cost = new double[80][80];
        Random random = new Random(5);
        for (double[] row : cost) {
            Arrays.setAll(row, j -> random.nextInt(3));
        }
        OneToOne.Result result = match(cost);
        assertThat(result.cost()).isEqualTo(hungarian(cost));
        assertThat(match(cost)).usingRecursiveComparison().isEqualTo(result);
        assertThat(match(new double[7][7]).cost()).isZero();
    }

    @Test
    void matchesCloudsAsAllDistancesDo() {
        Random random = new Random(3);
        float[] values = new float[400 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (GroundCost ground : GroundCost.values()) {
            Geometry geometry = new Geometry(new PointTable(6, values), ground, 1);
            List<Cloud> few = clouds(geometry, random, 70);
            List<Cloud> many = clouds(geometry, random, 110);
            double[][] cost = new double[110][110];
            Wasserstein wasserstein = new Wasserstein(geometry);
            for (int i = 0; i < 70; i++) {
                for (int j = 0; j < 110; j++) {
                    cost[i][j] = wasserstein.distance(few.get(i), many.get(j));
                }
            }
            PairMemory memory =
                    new PairMemory(Stream.of(few, many).flatMap(List::stream).toList(), 5_000);
            OneToOne.Result result =
                    OneToOne.match(
                            geometry,
                            few,
                            many,
                            new double[70],
                            new double[110],
                            memory,
                            2,
                            Monitor.NONE);
            assertThat(result.cost()).isCloseTo(hungarian(cost), within(1e-6));
            OneToOne.Result back =
                    OneToOne.match(
                            geometry,
                            many,
                            few,
                            new double[110],
                            new double[70],
                            memory,
                            1,
                            Monitor.NONE);
            assertThat(back.cost()).isCloseTo(result.cost(), within(1e-9));
            assertThat(IntStream.of(back.target()).filter(t -> t < 0).count()).isEqualTo(40);
            for (int i = 0; i < 70; i++) {
                assertThat(result.distance()[i]).isEqualTo(cost[i][result.target()[i]]);
            }
        }
    }

    @Test
    void solvesAFewThousand() {
        int n = 2_048;
        Random random = new Random(9);
        double[][] x = clustered(random, n);
        double[][] y = clustered(random, n);
        OneToOne.Result result =
                OneToOne.match(
                        search(n, n, i -> j -> distance(x[i], y[j])),
                        n,
                        new double[n],
                        1e3,
                        Monitor.NONE);
        assertThat(Arrays.stream(result.target()).distinct().count()).isEqualTo(n);
    }

    private static OneToOne.Result match(double[][] cost) {
        return OneToOne.match(
                search(cost.length, cost[0].length, i -> j -> cost[i][j]),
                cost.length,
                new double[cost[0].length],
                1e3,
                Monitor.NONE);
    }

    /** A search that looks at all pairs. */
    private static OneToOne.Search search(
            int rows, int columns, java.util.function.IntFunction<IntToDoubleFunction> cost) {
        return (k, penalties, limits) -> {
            Neighbours[] found = new Neighbours[rows];
            Workers.run(
                    rows,
                    2,
                    Monitor.NONE,
                    inner ->
                            i ->
                                    found[i] =
                                            nearest(
                                                    cost.apply(i),
                                                    columns,
                                                    k,
                                                    penalties,
                                                    limits[i]));
            return new NeighbourTable(
                    List.of(found), new SearchCounts(0, 0, 0, 0, 0, (long) rows * columns, 0, 0));
        };
    }

    private static Neighbours nearest(
            IntToDoubleFunction cost, int columns, int k, double[] penalties, double limit) {
        int[] targets = new int[k];
        double[] scores = new double[k];
        int size = 0;
        for (int j = 0; j < columns; j++) {
            double score = cost.applyAsDouble(j) + penalties[j];
            if (score > limit || (size == k && score >= scores[k - 1])) {
                continue;
            }
            int at = size < k ? size++ : k - 1;
            while (at > 0 && scores[at - 1] > score) {
                scores[at] = scores[at - 1];
                targets[at] = targets[at - 1];
                at--;
            }
            scores[at] = score;
            targets[at] = j;
        }
        int[] kept = Arrays.copyOf(targets, size);
        return new Neighbours(
                kept, IntStream.of(kept).mapToDouble(cost::applyAsDouble).toArray(), true, 0);
    }

    private static double hungarian(double[][] cost) {
        Graph<Integer, DefaultWeightedEdge> graph =
                new SimpleWeightedGraph<>(DefaultWeightedEdge.class);
        Set<Integer> rows = new LinkedHashSet<>();
        Set<Integer> columns = new LinkedHashSet<>();
        int n = cost.length;
        for (int i = 0; i < n; i++) {
            graph.addVertex(i);
            graph.addVertex(n + i);
            rows.add(i);
            columns.add(n + i);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                graph.setEdgeWeight(graph.addEdge(i, n + j), cost[i][j]);
            }
        }
        return new KuhnMunkresMinimalWeightBipartitePerfectMatching<>(graph, rows, columns)
                .getMatching()
                .getWeight();
    }

    private static double[][] uniform(long seed, int rows, int columns) {
        Random random = new Random(seed);
        double[][] cost = new double[rows][columns];
        for (double[] row : cost) {
            Arrays.setAll(row, j -> random.nextDouble());
        }
        return cost;
    }

    /** Distances of points of which many want the same few. */
    private static double[][] crowded(long seed, int rows, int columns) {
        Random random = new Random(seed);
        double[][] x = clustered(random, rows);
        double[][] y = clustered(random, columns);
        double[][] cost = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                cost[i][j] = distance(x[i], y[j]);
            }
        }
        return cost;
    }

    private static double[][] clustered(Random random, int size) {
        double[][] points = new double[size][8];
        for (double[] point : points) {
            double spread = Math.exp(random.nextGaussian());
            Arrays.setAll(point, k -> spread * random.nextGaussian());
        }
        return points;
    }

    private static double distance(double[] x, double[] y) {
        double squared = 0;
        for (int k = 0; k < x.length; k++) {
            squared += (x[k] - y[k]) * (x[k] - y[k]);
        }
        return Math.sqrt(squared);
    }

    private static List<Cloud> clouds(Geometry geometry, Random random, int count) {
        List<Cloud> clouds = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            int[] positions =
                    random.ints(0, 400).distinct().limit(1 + random.nextInt(6)).sorted().toArray();
            double[] weights = random.doubles(positions.length, .1, 1).toArray();
            clouds.add(geometry.cloud(new Distribution(positions, weights)));
        }
        return clouds;
    }
}
