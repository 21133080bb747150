package dev.sot.transport.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NearestNeighboursTest {

    private static Stream<Arguments> costsAndOrders() {
        return Arrays.stream(GroundCost.values())
                .flatMap(cost -> Stream.of(Arguments.of(cost, 1), Arguments.of(cost, 2)));
    }

    private static Geometry geometry(GroundCost cost, int order) {
        return new Geometry(Families.clustered(new Random(1), 300, 6), cost, order);
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void findsWhatAllPairsGive(GroundCost cost, int order) {
        Geometry geometry = geometry(cost, order);
        List<Cloud> sources = Families.clouds(geometry, 2, 15, 12);
        List<Cloud> targets = Families.clouds(geometry, 3, 120, 12);
        double far = medianDistance(geometry, sources.get(0), targets);
        for (NeighbourQuery query :
                List.of(
                        NeighbourQuery.nearest(1),
                        NeighbourQuery.nearest(7),
                        NeighbourQuery.nearest(119),
                        NeighbourQuery.nearest(1000),
                        NeighbourQuery.within(far),
                        NeighbourQuery.within(0),
                        new NeighbourQuery(4, far / 2, NeighbourQuery.ALL),
                        NeighbourQuery.nearest(3).withBudget(120))) {
            NeighbourTable found =
                    NearestNeighbours.between(geometry, sources, targets)
                            .find(query, 2, Monitor.NONE);
            for (int f = 0; f < sources.size(); f++) {
                assertSame(
                        found.rows().get(f),
                        Families.bruteForce(geometry, sources.get(f), -1, targets, query),
                        query);
            }
            assertConsistent(found.counts(), 15 * 120);
        }
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void leavesEachFeatureOutOfItsOwnNeighbours(GroundCost cost, int order) {
        Geometry geometry = geometry(cost, order);
        List<Cloud> family = Families.clouds(geometry, 4, 60, 10);
        for (NeighbourQuery query :
                List.of(
                        NeighbourQuery.nearest(5),
                        NeighbourQuery.nearest(60),
                        NeighbourQuery.within(medianDistance(geometry, family.get(0), family)))) {
            NeighbourTable found =
                    NearestNeighbours.within(geometry, family).find(query, 2, Monitor.NONE);
            for (int f = 0; f < 60; f++) {
                assertSame(
                        found.rows().get(f),
                        Families.bruteForce(geometry, family.get(f), f, family, query),
                        query);
            }
            assertConsistent(found.counts(), 60 * 59);
        }
    }

    @Test
    void leavesAFeatureOutOfItsOwnNeighboursInFamiliesThatOverlap() {
        Geometry geometry = geometry(GroundCost.EUCLIDEAN, 1);
        List<Cloud> family = Families.clouds(geometry, 14, 40, 10);
        List<Cloud> sources = family.subList(10, 20);
        List<Cloud> targets = family.subList(15, 40);
        NeighbourQuery query = NeighbourQuery.nearest(5);
        NeighbourTable found =
                NearestNeighbours.between(geometry, sources, targets).find(query, 2, Monitor.NONE);
        for (int f = 0; f < 10; f++) {
            int self = f < 5 ? -1 : f - 5;
            assertSame(
                    found.rows().get(f),
                    Families.bruteForce(geometry, sources.get(f), self, targets, query),
                    query);
        }
        assertConsistent(found.counts(), 10 * 25 - 5);
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void ordersEqualDistancesByTarget(GroundCost cost, int order) {
        Geometry geometry = geometry(cost, order);
        List<Distribution> some = Families.distributions(new Random(5), 12, 300, 8);
        List<Distribution> repeated = new ArrayList<>();
        for (int copy = 0; copy < 6; copy++) {
            repeated.addAll(some);
        }
        Collections.shuffle(repeated, new Random(6));
        List<Cloud> sources = Families.clouds(geometry, some);
        List<Cloud> targets = Families.clouds(geometry, repeated);
        // Cuts a group of six equal distances.
        NeighbourQuery query = NeighbourQuery.nearest(9);
        NeighbourTable found =
                NearestNeighbours.between(geometry, sources, targets).find(query, 2, Monitor.NONE);
        for (int f = 0; f < sources.size(); f++) {
            Neighbours row = found.rows().get(f);
            assertSame(
                    row, Families.bruteForce(geometry, sources.get(f), -1, targets, query), query);
            assertThat(Arrays.copyOf(row.distances(), 6)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void findsNeighboursAtAnyScaleAndPlace(GroundCost cost, int order) {
        for (double scale : new double[] {1e-6, 1, 1e6}) {
            for (double offset : new double[] {0, 1e4}) {
                PointTable plain = Families.clustered(new Random(7), 200, 5);
                double[] values = new double[200 * 5];
                for (int at = 0; at < values.length; at++) {
                    values[at] = scale * (plain.coordinate(at / 5, at % 5) + offset);
                }
                Geometry geometry = new Geometry(new PointTable(5, values), cost, order);
                List<Cloud> sources = Families.clouds(geometry, 8, 5, 10);
                List<Cloud> targets = Families.clouds(geometry, 9, 60, 10);
                NeighbourQuery query = NeighbourQuery.nearest(4);
                NeighbourTable found =
                        NearestNeighbours.between(geometry, sources, targets)
                                .find(query, 1, Monitor.NONE);
                for (int f = 0; f < sources.size(); f++) {
                    assertSame(
                            found.rows().get(f),
                            Families.bruteForce(geometry, sources.get(f), -1, targets, query),
                            query);
                }
            }
        }
    }

    @Test
    void worksInOneDimensionAndBeyondTheAxesWithQuantiles() {
        for (int dimension : new int[] {1, 3, 70}) {
            Geometry geometry =
                    new Geometry(
                            Families.clustered(new Random(10), 150, dimension),
                            GroundCost.EUCLIDEAN,
                            1);
            List<Cloud> family = Families.clouds(geometry, 11, 40, 6);
            NeighbourQuery query = NeighbourQuery.nearest(3);
            NeighbourTable found =
                    NearestNeighbours.within(geometry, family).find(query, 1, Monitor.NONE);
            for (int f = 0; f < 40; f++) {
                assertSame(
                        found.rows().get(f),
                        Families.bruteForce(geometry, family.get(f), f, family, query),
                        query);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void findsTheSameBytesAtAnyConcurrency(GroundCost cost, int order) {
        Geometry geometry = geometry(cost, order);
        NearestNeighbours search =
                NearestNeighbours.within(geometry, Families.clouds(geometry, 12, 90, 10));
        for (NeighbourQuery query :
                List.of(NeighbourQuery.nearest(4), NeighbourQuery.nearest(4).withBudget(5))) {
            NeighbourTable one = search.find(query, 1, Monitor.NONE);
            for (int concurrency : new int[] {2, 7}) {
                assertThat(search.find(query, concurrency, Monitor.NONE)).isEqualTo(one);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void saysWhichRowsABudgetLeavesUnproved(GroundCost cost, int order) {
        Geometry geometry = geometry(cost, order);
        List<Cloud> sources = Families.clouds(geometry, 13, 20, 12);
        List<Cloud> targets = Families.clouds(geometry, 14, 150, 12);
        Wasserstein wasserstein = new Wasserstein(geometry);
        int unproved = 0;
        for (int budget : new int[] {1, 3, 6, 12}) {
            NeighbourQuery query = NeighbourQuery.nearest(3).withBudget(budget);
            NeighbourTable found =
                    NearestNeighbours.between(geometry, sources, targets)
                            .find(query, 2, Monitor.NONE);
            assertConsistent(found.counts(), 20 * 150);
            assertThat(found.counts().exact()).isLessThanOrEqualTo(20L * budget);
            for (int f = 0; f < sources.size(); f++) {
                Neighbours row = found.rows().get(f);
                Neighbours all = Families.bruteForce(geometry, sources.get(f), -1, targets, query);
                if (row.proved()) {
                    assertSame(row, all, query);
                    continue;
                }
                unproved++;
                assertThat(row.size()).isLessThanOrEqualTo(budget);
                for (int i = 0; i < row.size(); i++) {
                    assertThat(row.distances()[i])
                            .isEqualTo(
                                    wasserstein.distance(
                                            sources.get(f), targets.get(row.targets()[i])));
                }
                // A true neighbour that was missed was not solved.
                for (int i = 0; i < all.size(); i++) {
                    int target = all.targets()[i];
                    if (Arrays.stream(row.targets()).noneMatch(t -> t == target)) {
                        assertThat(row.remaining())
                                .isLessThanOrEqualTo(all.distances()[i] * (1 + 1e-9));
                    }
                }
            }
        }
        assertThat(unproved).isPositive();
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void boundsEveryTargetThatWasNotSolved(GroundCost cost, int order) {
        Geometry geometry = geometry(cost, order);
        List<Cloud> sources = Families.clouds(geometry, 15, 10, 12);
        List<Cloud> targets = Families.clouds(geometry, 16, 100, 12);
        // All that are solved are returned: the rest must be beyond the bound.
        NeighbourQuery query = new NeighbourQuery(100, Double.POSITIVE_INFINITY, 20);
        NeighbourTable found =
                NearestNeighbours.between(geometry, sources, targets).find(query, 1, Monitor.NONE);
        Wasserstein wasserstein = new Wasserstein(geometry);
        for (int f = 0; f < sources.size(); f++) {
            Neighbours row = found.rows().get(f);
            assertThat(row.proved()).isFalse();
            assertThat(row.size()).isEqualTo(20);
            for (int t = 0; t < targets.size(); t++) {
                int target = t;
                if (Arrays.stream(row.targets()).noneMatch(found0 -> found0 == target)) {
                    assertThat(wasserstein.distance(sources.get(f), targets.get(t)))
                            .isGreaterThanOrEqualTo(row.remaining() * (1 - 1e-9));
                }
            }
        }
    }

    @Test
    void excludesMostPairsOfClusteredFamiliesBeforeTheExactStage() {
        Geometry geometry =
                new Geometry(Families.clustered(new Random(17), 4000, 16), GroundCost.EUCLIDEAN, 2);
        List<Cloud> family = new ArrayList<>();
        Random random = new Random(18);
        for (int c = 0; c < 300; c++) {
            // Rows of one narrow range lie around few centres only by chance; single points do not.
            int row = random.nextInt(3990);
            family.add(
                    geometry.cloud(
                            new Distribution(
                                    new int[] {row, row + 1, row + 2}, new double[] {8, 1, 1})));
        }
        SearchCounts counts =
                NearestNeighbours.within(geometry, family)
                        .find(NeighbourQuery.nearest(3), 2, Monitor.NONE)
                        .counts();
        assertThat(counts.excludedBySummary()).isGreaterThan(counts.pairs() / 2);
        assertThat(counts.exact()).isLessThan(counts.pairs() / 10);
    }

    @Test
    void answersForEmptyFamilies() {
        Geometry geometry = geometry(GroundCost.EUCLIDEAN, 1);
        List<Cloud> some = Families.clouds(geometry, 19, 3, 4);
        NeighbourQuery query = NeighbourQuery.nearest(2);
        assertThat(
                        NearestNeighbours.between(geometry, List.of(), some)
                                .find(query, 2, Monitor.NONE)
                                .rows())
                .isEmpty();
        assertThat(
                        NearestNeighbours.between(geometry, some, List.of())
                                .find(query, 2, Monitor.NONE)
                                .rows())
                .hasSize(3)
                .allSatisfy(
                        row -> {
                            assertThat(row.size()).isZero();
                            assertThat(row.proved()).isTrue();
                            assertThat(row.remaining()).isInfinite();
                        });
        assertThat(
                        NearestNeighbours.within(geometry, some.subList(0, 1))
                                .find(query, 2, Monitor.NONE)
                                .rows()
                                .get(0)
                                .size())
                .isZero();
    }

    @Test
    void refusesWhatItCannotSearch() {
        Geometry geometry = geometry(GroundCost.EUCLIDEAN, 1);
        List<Cloud> own = Families.clouds(geometry, 20, 2, 4);
        List<Cloud> foreign = Families.clouds(geometry(GroundCost.EUCLIDEAN, 2), 20, 2, 4);
        assertThatThrownBy(() -> NearestNeighbours.between(geometry, own, foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("target 0: the cloud belongs to another geometry");
        assertThatThrownBy(() -> NeighbourQuery.nearest(0))
                .hasMessage("k must be at least 1, got 0");
        assertThatThrownBy(() -> NeighbourQuery.within(-1))
                .hasMessage("maxDistance must not be negative, got -1.0");
        assertThatThrownBy(() -> NeighbourQuery.within(Double.NaN))
                .hasMessage("maxDistance must not be negative, got NaN");
        assertThatThrownBy(() -> NeighbourQuery.nearest(1).withBudget(0))
                .hasMessage("budget must be at least 1, got 0");
    }

    @Test
    @Timeout(30)
    void stopsSoonAfterItsMonitorSaysSo() {
        Geometry geometry =
                new Geometry(Families.clustered(new Random(21), 3000, 32), GroundCost.EUCLIDEAN, 1);
        NearestNeighbours search =
                NearestNeighbours.within(geometry, Families.clouds(geometry, 22, 1500, 48));
        long start = System.nanoTime();
        AtomicLong stopped = new AtomicLong();
        Monitor impatient =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {
                        assertThat(task).isEqualTo("nearest neighbours");
                        assertThat(total).isEqualTo(1500);
                    }

                    @Override
                    public void check() {
                        if (System.nanoTime() - start > 300_000_000) {
                            stopped.compareAndSet(0, System.nanoTime());
                            throw new CancellationException("enough");
                        }
                    }
                };
        assertThatThrownBy(() -> search.find(NeighbourQuery.nearest(50), 2, impatient))
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
        assertThat(System.nanoTime() - stopped.get()).isLessThan(2_000_000_000L);
    }

    private static double medianDistance(Geometry geometry, Cloud source, List<Cloud> targets) {
        double[] all =
                Families.bruteForce(geometry, source, -1, targets, NeighbourQuery.nearest(1000))
                        .distances();
        return all[all.length / 2];
    }

    private static void assertSame(Neighbours found, Neighbours all, NeighbourQuery query) {
        assertThat(found.proved()).isTrue();
        assertThat(found.targets()).as("%s", query).isEqualTo(all.targets());
        assertThat(found.distances()).as("%s", query).isEqualTo(all.distances());
        if (found.size() > 0 && found.size() == query.k()) {
            assertThat(found.remaining()).isGreaterThan(found.distances()[found.size() - 1]);
        }
    }

    @ParameterizedTest
    @MethodSource("costsAndOrders")
    void findsTheSameWithAMemoryHoweverMuchItHolds(GroundCost cost, int order) {
        Geometry geometry = geometry(cost, order);
        List<Cloud> sources = Families.clouds(geometry, 15, 60, 12);
        List<Cloud> targets = Families.clouds(geometry, 16, 90, 12);
        double[] penalties = new Random(17).doubles(90).toArray();
        double[] limits = new double[60];
        Arrays.fill(limits, Double.POSITIVE_INFINITY);
        NearestNeighbours there = NearestNeighbours.between(geometry, sources, targets);
        NearestNeighbours back = NearestNeighbours.between(geometry, targets, sources);
        List<Neighbours> nearest = rows(there, 2, 1);
        List<Neighbours> nearestBack = rows(back, 3, 1);
        List<Neighbours> best = there.find(2, penalties, limits, 1, Monitor.NONE).rows();
        for (int pairs : new int[] {0, 500, 5_400}) {
            for (int concurrency : new int[] {1, 4}) {
                PairMemory memory =
                        new PairMemory(
                                Stream.of(sources, targets).flatMap(List::stream).toList(), pairs);
                assertFound(rows(there.remembering(memory), 2, concurrency), nearest);
                assertFound(rows(back.remembering(memory), 3, concurrency), nearestBack);
                assertFound(
                        there.remembering(memory)
                                .find(2, penalties, limits, concurrency, Monitor.NONE)
                                .rows(),
                        best);
            }
        }
    }

    @Test
    void solvesNoPairTwiceWithAMemory() {
        Geometry geometry = geometry(GroundCost.EUCLIDEAN, 1);
        List<Cloud> sources = Families.clouds(geometry, 18, 40, 12);
        List<Cloud> targets = Families.clouds(geometry, 19, 50, 12);
        PairMemory memory =
                new PairMemory(Stream.of(sources, targets).flatMap(List::stream).toList(), 2_000);
        NeighbourQuery all = NeighbourQuery.nearest(40);
        SearchCounts first =
                NearestNeighbours.between(geometry, targets, sources)
                        .remembering(memory)
                        .find(all, 2, Monitor.NONE)
                        .counts();
        assertConsistent(first, 2_000);
        assertThat(first.exact()).isEqualTo(2_000);
        SearchCounts second =
                NearestNeighbours.between(geometry, sources, targets)
                        .remembering(memory)
                        .find(NeighbourQuery.nearest(5), 2, Monitor.NONE)
                        .counts();
        assertConsistent(second, 2_000);
        assertThat(second.exact()).isZero();
        assertThat(second.dualBounds()).isZero();
        assertThat(second.known()).isPositive();
    }

    private static List<Neighbours> rows(NearestNeighbours search, int k, int concurrency) {
        return search.find(NeighbourQuery.nearest(k), concurrency, Monitor.NONE).rows();
    }

    /** The same neighbours to the last bit; what remains depends on what was known. */
    private static void assertFound(List<Neighbours> found, List<Neighbours> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).targets()).isEqualTo(expected.get(i).targets());
            assertThat(found.get(i).distances()).isEqualTo(expected.get(i).distances());
            assertThat(found.get(i).proved()).isTrue();
        }
        assertThat(found).hasSameSizeAs(expected);
    }

    private static void assertConsistent(SearchCounts counts, long pairs) {
        assertThat(counts.pairs()).isEqualTo(pairs);
        assertThat(
                        counts.excludedBySummary()
                                + counts.excludedByPotential()
                                + counts.excludedByDual()
                                + counts.known()
                                + counts.exact()
                                + counts.open())
                .isEqualTo(pairs);
    }

    @Test
    void penaltiesChangeTheOrderAndLimitsBoundTheScores() {
        Random random = new Random(11);
        for (GroundCost cost : GroundCost.values()) {
            Geometry geometry = new Geometry(Families.clustered(random, 150, 8), cost, 1);
            List<Cloud> sources = Families.clouds(geometry, 1, 20, 9);
            List<Cloud> targets = Families.clouds(geometry, 2, 60, 9);
            Wasserstein wasserstein = new Wasserstein(geometry);
            double unit = wasserstein.distance(sources.get(0), targets.get(0));
            double[] penalties = random.doubles(60, 0, unit).toArray();
            double[] limits = random.doubles(20, 0, 2 * unit).toArray();
            NeighbourTable found =
                    NearestNeighbours.between(geometry, sources, targets)
                            .find(4, penalties, limits, 2, Monitor.NONE);
            for (int s = 0; s < 20; s++) {
                Cloud source = sources.get(s);
                double limit = limits[s];
                double[] distance =
                        targets.stream()
                                .mapToDouble(t -> wasserstein.distance(source, t))
                                .toArray();
                int[] expected =
                        IntStream.range(0, 60)
                                .filter(t -> distance[t] + penalties[t] <= limit)
                                .boxed()
                                .sorted(
                                        Comparator.comparingDouble(
                                                (Integer t) -> distance[t] + penalties[t]))
                                .limit(4)
                                .mapToInt(t -> t)
                                .toArray();
                Neighbours row = found.rows().get(s);
                assertThat(row.targets()).isEqualTo(expected);
                assertThat(row.distances())
                        .isEqualTo(IntStream.of(expected).mapToDouble(t -> distance[t]).toArray());
                double left =
                        IntStream.range(0, 60)
                                .filter(t -> IntStream.of(expected).noneMatch(e -> e == t))
                                .mapToDouble(t -> distance[t] + penalties[t])
                                .min()
                                .orElseThrow();
                assertThat(row.remaining()).isLessThanOrEqualTo(Math.max(left, limit * (1 + 1e-8)));
            }
        }
    }
}
