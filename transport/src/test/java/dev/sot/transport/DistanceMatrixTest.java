package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistanceMatrixTest {

    private static final PointTable POINTS = TransportPlans.points(new Random(30), 500, 8);
    private static final Geometry GEOMETRY = new Geometry(POINTS, GroundCost.EUCLIDEAN, 1);

    @Test
    void holdsTheDistanceOfEveryPair() {
        Geometry geometry = new Geometry(POINTS, GroundCost.EUCLIDEAN, 2);
        List<Cloud> distributions = clouds(geometry, 12, 10);
        DistanceMatrix matrix = DistanceMatrix.compute(distributions, geometry, 2, Monitor.NONE);
        Wasserstein wasserstein = new Wasserstein(geometry);
        assertThat(matrix.size()).isEqualTo(12);
        assertThat(matrix.largestGap()).isBetween(0.0, 1e-12);
        assertThat(DistanceMatrix.of(2, new double[] {1}).largestGap()).isNaN();
        assertThat(matrix.condensed()).hasSize(66);
        for (int i = 0; i < 12; i++) {
            for (int j = 0; j < 12; j++) {
                assertThat(matrix.get(i, j))
                        .isEqualTo(
                                wasserstein.distance(distributions.get(i), distributions.get(j)));
            }
        }
        assertThat(DistanceMatrix.of(12, matrix.condensed()).get(11, 3))
                .isEqualTo(matrix.get(3, 11));
    }

    @Test
    void doesNotDependOnConcurrencyNorOnTheOrderOfDistributions() {
        List<Cloud> distributions = clouds(40, 20);
        double[] one = condensed(distributions, 1);
        assertThat(condensed(distributions, 2)).isEqualTo(one);
        assertThat(condensed(distributions, 7)).isEqualTo(one);

        List<Integer> order = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
        Collections.shuffle(order, new Random(31));
        DistanceMatrix shuffled =
                DistanceMatrix.of(
                        40, condensed(order.stream().map(distributions::get).toList(), 2));
        DistanceMatrix plain = DistanceMatrix.of(40, one);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 40; j++) {
                assertThat(shuffled.get(i, j)).isEqualTo(plain.get(order.get(i), order.get(j)));
            }
        }
    }

    @Test
    void reportsProgressUpToTheLastPair() {
        List<Long> reported = new ArrayList<>();
        DistanceMatrix.compute(
                clouds(20, 5),
                GEOMETRY,
                4,
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {
                        assertThat(task).isEqualTo("distances");
                        assertThat(total).isEqualTo(190);
                        reported.add(done);
                    }

                    @Override
                    public void check() {}
                });
        assertThat(reported).isSorted().hasSize(19).last().isEqualTo(190L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    @Timeout(30)
    void everyThreadStopsAtItsNextCheckWhichIsLessThanATenthOfASecondAway(int concurrency) {
        // Processor time of each thread, not time of day: other work on the machine must not count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<Thread, Long> lastCheck = new ConcurrentHashMap<>();
        AtomicLong longest = new AtomicLong();
        AtomicInteger checks = new AtomicInteger();
        AtomicInteger checksAfterStop = new AtomicInteger();
        Monitor stopSoon =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        long now = threads.getCurrentThreadCpuTime();
                        Long before = lastCheck.put(Thread.currentThread(), now);
                        if (before != null) {
                            longest.accumulateAndGet(now - before, Math::max);
                        }
                        if (checks.incrementAndGet() > 100) {
                            checksAfterStop.incrementAndGet();
                            throw new IllegalStateException("terminated by the user");
                        }
                    }
                };
        assertThatThrownBy(
                        () ->
                                DistanceMatrix.compute(
                                        clouds(500, 200), GEOMETRY, concurrency, stopSoon))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("terminated by the user");
        assertThat(checksAfterStop).hasValueLessThanOrEqualTo(concurrency);
        assertThat(longest.get()).isLessThan(100_000_000L);
    }

    @Test
    @Timeout(30)
    void rethrowsTheFirstFailureAndStopsTheOtherThreads() {
        AtomicInteger checks = new AtomicInteger();
        Monitor failing =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        if (checks.incrementAndGet() == 50) {
                            throw new IllegalStateException("the 50th check failed");
                        }
                    }
                };
        assertThatThrownBy(() -> DistanceMatrix.compute(clouds(500, 100), GEOMETRY, 4, failing))
                .hasMessage("the 50th check failed");
        assertThat(checks).hasValueLessThan(500);
    }

    @Test
    @Timeout(30)
    void anInterruptStopsAllThreads() {
        Monitor interrupting =
                new Monitor() {
                    private final Thread caller = Thread.currentThread();

                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        caller.interrupt();
                    }
                };
        assertThatThrownBy(
                        () -> DistanceMatrix.compute(clouds(500, 100), GEOMETRY, 2, interrupting))
                .hasMessage("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void smallMatricesAreEmpty() {
        assertThat(condensed(List.of(), 1)).isEmpty();
        assertThat(condensed(clouds(1, 3), 1)).isEmpty();
    }

    @Test
    void someOfTheObjectsKeepTheirDistances() {
        DistanceMatrix matrix = DistanceMatrix.of(4, new double[] {1, 2, 3, 12, 13, 23});
        assertThat(matrix.among(new int[] {3, 0, 2}).condensed()).containsExactly(3, 23, 2);
        assertThat(matrix.among(new int[] {1}).condensed()).isEmpty();
    }

    @Test
    void badInputIsNamed() {
        Geometry other = new Geometry(POINTS, GroundCost.EUCLIDEAN, 2);
        assertThatThrownBy(() -> condensed(clouds(other, 3, 3), 1))
                .hasMessage("the cloud belongs to another geometry");
        assertThatThrownBy(() -> condensed(clouds(2, 3), 0)).hasMessageContaining("concurrency");
        assertThatThrownBy(() -> DistanceMatrix.of(3, new double[2]))
                .hasMessage("a matrix of 3 objects has 3 distances, got 2");
        assertThatThrownBy(() -> DistanceMatrix.of(70_000, new double[2]))
                .hasMessageContaining("at most 65536");
    }

    private static double[] condensed(List<Cloud> clouds, int concurrency) {
        return DistanceMatrix.compute(clouds, GEOMETRY, concurrency, Monitor.NONE).condensed();
    }

    private static List<Cloud> clouds(int count, int size) {
        return clouds(GEOMETRY, count, size);
    }

    private static List<Cloud> clouds(Geometry geometry, int count, int size) {
        Random random = new Random(32);
        return Stream.generate(() -> TransportPlans.distribution(random, 500, size))
                .limit(count)
                .map(geometry::cloud)
                .toList();
    }
}
