package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clouds of thousands of points in the plane. */
class LargeProblemTest {

    private static final int SIZE = 4096;
    private static final Geometry GEOMETRY =
            new Geometry(
                    TransportPlans.points(new Random(60), 2 * SIZE, 2), GroundCost.EUCLIDEAN, 1);

    static Stream<Kernel> kernels() {
        return Stream.of(new ScalarKernel(), Kernels.best());
    }

    @Test
    @Timeout(120)
    void aProblemOfFourThousandPointsASideIsCertifiedByItsGap() {
        Wasserstein wasserstein = new Wasserstein(GEOMETRY);
        Cloud f = cloud(0, SIZE);
        Cloud g = cloud(SIZE, SIZE);
        double bound = wasserstein.lowerBound(f, g);
        double distance = wasserstein.distance(f, g);
        assertThat(wasserstein.dualityGap()).isLessThan(1e-11);
        assertThat(distance).isGreaterThanOrEqualTo(bound);
        assertThat(wasserstein.pivots()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    @Timeout(60)
    void stopsWithinAProblemAndSolvesTheNext(Kernel kernel) {
        // Processor time of this thread: other work on the machine must not count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] checks = {0, 0, 0};
        Monitor stopLate =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        long now = threads.getCurrentThreadCpuTime();
                        if (checks[0]++ > 0) {
                            checks[2] = Math.max(checks[2], now - checks[1]);
                        }
                        checks[1] = now;
                        if (checks[0] == 2000) {
                            throw new CancellationException("enough");
                        }
                    }
                };
        Wasserstein wasserstein = new Wasserstein(GEOMETRY, stopLate, kernel);
        assertThatThrownBy(() -> wasserstein.distance(cloud(0, SIZE), cloud(SIZE, SIZE)))
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
        assertThat(checks[2]).isLessThan(50_000_000L);
        Cloud f = cloud(0, 30);
        Cloud g = cloud(SIZE, 40);
        assertThat(wasserstein.distance(f, g))
                .isEqualTo(new Wasserstein(GEOMETRY, Monitor.NONE, kernel).distance(f, g));
    }

    private static Cloud cloud(int first, int size) {
        double[] weights = new Random(first + size).doubles(size, .5, 2).toArray();
        return GEOMETRY.cloud(
                new Distribution(IntStream.range(first, first + size).toArray(), weights));
    }
}
