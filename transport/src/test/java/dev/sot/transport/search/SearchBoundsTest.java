package dev.sot.transport.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SearchBoundsTest {

    private static Stream<Arguments> costsOrdersScalesAndPlaces() {
        List<Arguments> all = new ArrayList<>();
        for (GroundCost cost : GroundCost.values()) {
            for (int order : new int[] {1, 2}) {
                for (double scale : new double[] {1e-6, 1, 1e6}) {
                    for (double offset : new double[] {0, 1e5}) {
                        all.add(Arguments.of(cost, order, scale, offset));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("costsOrdersScalesAndPlaces")
    void areNeverAboveTheExactDistance(GroundCost cost, int order, double scale, double offset) {
        Random random = new Random(40);
        // Points come twice, the second time moved by about the rounding of single precision.
        PointTable plain = Families.clustered(random, 100, 7);
        double[] values = new double[200 * 7];
        for (int at = 0; at < values.length; at++) {
            int row = at / 7;
            double moved = row < 100 ? 0 : 1e-7 * random.nextGaussian();
            values[at] = scale * (plain.coordinate(row % 100, at % 7) + offset + moved);
        }
        Geometry geometry = new Geometry(new PointTable(7, values), cost, order);
        List<Distribution> some = Families.distributions(random, 12, 100, 20);
        List<Distribution> moved =
                some.stream()
                        .map(
                                f ->
                                        new Distribution(
                                                Arrays.stream(f.positions())
                                                        .map(i -> i + 100)
                                                        .toArray(),
                                                f.weights()))
                        .toList();
        List<Cloud> sources = Families.clouds(geometry, some);
        List<Cloud> targets =
                Families.clouds(geometry, Stream.concat(some.stream(), moved.stream()).toList());
        assertBelow(geometry, sources, targets);
    }

    private static void assertBelow(Geometry geometry, List<Cloud> sources, List<Cloud> targets) {
        Wasserstein wasserstein = new Wasserstein(geometry);
        Bounds bounds = new Bounds(geometry, targets);
        for (Cloud source : sources) {
            double[] summary = bounds.summary(source);
            double[] potential = bounds.potential(source);
            for (int t = 0; t < targets.size(); t++) {
                double exact = wasserstein.distance(source, targets.get(t));
                assertThat(summary[t]).isLessThanOrEqualTo(exact * (1 + 1e-9));
                assertThat(potential[t]).isLessThanOrEqualTo(exact * (1 + 1e-9));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("costsOrdersScalesAndPlaces")
    void areExactBetweenSinglePointsWhereTheCostAllows(
            GroundCost cost, int order, double scale, double offset) {
        if (offset != 0 || cost == GroundCost.ZERO_ONE) {
            return;
        }
        PointTable plain = Families.clustered(new Random(41), 30, 7);
        double[] values = new double[30 * 7];
        for (int at = 0; at < values.length; at++) {
            values[at] = scale * plain.coordinate(at / 7, at % 7);
        }
        Geometry geometry = new Geometry(new PointTable(7, values), cost, order);
        List<Cloud> points = new ArrayList<>();
        for (int row = 0; row < 30; row++) {
            points.add(geometry.cloud(new Distribution(new int[] {row}, new double[] {1})));
        }
        Bounds bounds = new Bounds(geometry, points);
        for (int f = 0; f < 30; f++) {
            double[] summary = bounds.summary(points.get(f));
            for (int g = 0; g < 30; g++) {
                double exact = geometry.groundDistance(f, g);
                assertThat(summary[g]).isCloseTo(exact, within(1e-4 * exact));
            }
        }
    }

    @Test
    void potentialsTellMoreThanSummariesWhereCloudsOverlap() {
        // One blob: all means are alike, but supports differ.
        Random random = new Random(42);
        float[] values = new float[400 * 16];
        for (int at = 0; at < values.length; at++) {
            values[at] = (float) random.nextGaussian();
        }
        Geometry geometry = new Geometry(new PointTable(16, values), GroundCost.EUCLIDEAN, 1);
        List<Cloud> targets = Families.clouds(geometry, 43, 100, 20);
        Bounds bounds = new Bounds(geometry, targets);
        double summary = 0;
        double potential = 0;
        for (Cloud source : targets.subList(0, 10)) {
            summary += Arrays.stream(bounds.summary(source)).sum();
            potential += Arrays.stream(bounds.potential(source)).sum();
        }
        assertThat(potential).isGreaterThan(1.2 * summary);
    }

    @Test
    void estimatesMemoryFromAboveWithinThirtyPercent() {
        for (int dimension : new int[] {4, 64, 100}) {
            for (int rows : new int[] {500, 40_000}) {
                int count = 3000;
                PointTable points = Families.clustered(new Random(44), rows, dimension);
                Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, 1);
                Cloud[] targets = Families.clouds(geometry, 45, count, 20).toArray(Cloud[]::new);
                long targetPoints = Arrays.stream(targets).mapToLong(Cloud::size).sum();

                long entries = (long) count * Summary.length(dimension, false) * Float.BYTES;
                boolean shared = SharedPoints.worthwhile(targetPoints, rows);
                assertThat(shared).isEqualTo(rows == 500);
                if (shared) {
                    int size = SharedPoints.of(geometry, targets, false).size();
                    entries += (long) size * (dimension + 1) * Float.BYTES;
                }
                // Eight rows of bounds and the candidates, a thread; 5 neighbours a source.
                long threads = 2L * (8 * count * Float.BYTES + count * Long.BYTES);
                if (shared) {
                    threads += 2L * (rows + count) * Float.BYTES;
                }
                // A record, two arrays and their headers.
                long results = count * (72 + 5L * (Integer.BYTES + Double.BYTES));
                long estimate =
                        NearestNeighbours.estimate(
                                GroundCost.EUCLIDEAN,
                                1,
                                rows,
                                dimension,
                                count,
                                count,
                                targetPoints,
                                5,
                                2);
                long used = entries + threads + results;
                assertThat(estimate).isBetween(used, used + used * 3 / 10);
            }
        }
    }

    /** The cheap bounds on the distances of a source to all targets. */
    private static final class Bounds {
        private final int dimension;
        private final Ruler ruler;
        private final Cloud[] targets;
        private final SummaryIndex index;
        private final SharedPoints.Potential potential;

        Bounds(Geometry geometry, List<Cloud> targets) {
            this.dimension = geometry.points().dimension();
            this.ruler = new Ruler(geometry);
            this.targets = targets.toArray(Cloud[]::new);
            this.index =
                    new SummaryIndex(this.targets, dimension, ruler.squared(), 1, Monitor.NONE);
            this.potential =
                    SharedPoints.of(geometry, this.targets, ruler.squared()).new Potential();
        }

        double[] summary(Cloud source) {
            float[] vector = new float[Summary.length(dimension, ruler.squared())];
            double radius = Summary.write(source, dimension, ruler.squared(), vector);
            float[] squares = new float[SummaryIndex.padded(targets.length)];
            for (int t = 0; t < index.tiles(); t++) {
                index.squares(
                        t,
                        new float[][] {vector},
                        new float[][] {squares},
                        new float[1][Tile.WIDTH]);
            }
            double[] bounds = new double[targets.length];
            for (int t = 0; t < targets.length; t++) {
                double length = index.length(squares[t], radius);
                bounds[t] = ruler.distance(length);
                // What is kept by a limit on values is kept by that limit on lengths.
                assertThat(index.square(length, radius)).isGreaterThanOrEqualTo(squares[t]);
            }
            return bounds;
        }

        double[] potential(Cloud source) {
            float[] vector = new float[Summary.length(dimension, ruler.squared())];
            double radius = Summary.write(source, dimension, ruler.squared(), vector);
            potential.prepare(source, targets, targets.length, Math.max(radius, index.radius()));
            return Stream.of(targets)
                    .mapToDouble(target -> ruler.distance(potential.length(target)))
                    .toArray();
        }
    }
}
