package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KMedoidsTest {

    @Test
    void medoidsAreTheMiddlesOfTheirGroups() {
        double[] d = Distances.ofPoints(50, 0, 51, 1, 52, 2, 100);
        KMedoids found = KMedoids.cluster(d, 7, 3, Monitor.NONE);
        assertThat(found.group()).containsExactly(0, 1, 0, 1, 0, 1, 2);
        assertThat(found.medoids()).containsExactly(2, 3, 6);
        assertThat(found.totalDistance()).isEqualTo(4);
    }

    @Test
    void theGroupsAreThoseOfTheNearestMedoids() {
        for (int trial = 0; trial < 100; trial++) {
            int n = 2 + trial % 30;
            int k = 1 + trial * 7 % n;
            double[] d = trial % 2 == 0 ? Distances.random(n, trial) : Distances.tied(n, trial);
            KMedoids found = KMedoids.cluster(d, n, k, Monitor.NONE);
            assertThat(found.medoids()).hasSize(k).doesNotHaveDuplicates();
            assertThat(found.group()).isEqualTo(Labels.inOrder(found.group()));
            double sum = 0;
            for (int i = 0; i < n; i++) {
                int item = i;
                double own = Distances.get(d, n, i, found.medoids()[found.group()[i]]);
                assertThat(own)
                        .isEqualTo(
                                Arrays.stream(found.medoids())
                                        .mapToDouble(m -> Distances.get(d, n, item, m))
                                        .min()
                                        .getAsDouble());
                sum += own;
            }
            for (int g = 0; g < k; g++) {
                assertThat(found.group()[found.medoids()[g]]).isEqualTo(g);
            }
            assertThat(found.totalDistance()).isCloseTo(sum, within(1e-12));
        }
    }

    @Test
    void noExchangeOfAMedoidLowersTheSum() {
        for (int trial = 0; trial < 60; trial++) {
            int n = 5 + trial % 25;
            int k = 1 + trial % 5;
            double[] d = trial % 3 == 0 ? Distances.tied(n, trial) : Distances.random(n, trial);
            KMedoids found = KMedoids.cluster(d, n, k, Monitor.NONE);
            for (int slot = 0; slot < k; slot++) {
                for (int candidate = 0; candidate < n; candidate++) {
                    int[] other = found.medoids().clone();
                    other[slot] = candidate;
                    assertThat(total(d, n, other))
                            .isGreaterThanOrEqualTo(found.totalDistance() - 1e-9);
                }
            }
        }
    }

    /** 261 of the 300, with distances at random, which no geometry helps with. */
    @Test
    void mostSmallProblemsAreSolvedToTheOptimum() {
        int optimal = 0;
        double excess = 0;
        for (int trial = 0; trial < 300; trial++) {
            int n = 9;
            int k = 2 + trial % 3;
            double[] d = Distances.random(n, trial);
            double best = best(d, n, new int[k], 0, 0);
            double found = KMedoids.cluster(d, n, k, Monitor.NONE).totalDistance();
            assertThat(found).isGreaterThanOrEqualTo(best - 1e-12);
            excess += found / best - 1;
            optimal += found < best + 1e-12 ? 1 : 0;
        }
        assertThat(optimal).isGreaterThanOrEqualTo(260);
        assertThat(excess / 300).isLessThan(0.03);
    }

    private static double best(double[] d, int n, int[] medoids, int chosen, int from) {
        if (chosen == medoids.length) {
            return total(d, n, medoids);
        }
        double best = Double.POSITIVE_INFINITY;
        for (int c = from; c < n; c++) {
            medoids[chosen] = c;
            best = Math.min(best, best(d, n, medoids, chosen + 1, c + 1));
        }
        return best;
    }

    private static double total(double[] d, int n, int[] medoids) {
        return IntStream.range(0, n)
                .mapToDouble(
                        i ->
                                Arrays.stream(medoids)
                                        .mapToDouble(m -> Distances.get(d, n, i, m))
                                        .min()
                                        .getAsDouble())
                .sum();
    }

    @Test
    void oneMedoidIsTheItemNearestToAllOthers() {
        for (int trial = 0; trial < 20; trial++) {
            double[] d = Distances.random(12, trial);
            KMedoids found = KMedoids.cluster(d, 12, 1, Monitor.NONE);
            assertThat(found.totalDistance())
                    .isCloseTo(best(d, 12, new int[1], 0, 0), within(1e-12));
            assertThat(found.group()).containsOnly(0);
        }
    }

    @Test
    void plantedGroupsAreFoundInAnyOrderOfTheItems() {
        int n = 120;
        int[] planted = Planted.groups(n, 8, 5);
        for (long seed = 0; seed < 5; seed++) {
            int[] order = Planted.permutation(n, seed);
            int[] there = Arrays.stream(order).map(i -> planted[i]).toArray();
            double[] d = Planted.distances(there, 3);
            KMedoids found = KMedoids.cluster(d, n, 8, Monitor.NONE);
            assertThat(Agreement.of(found.group(), there).adjustedRand()).isEqualTo(1);
        }
    }

    @Test
    void itemsAtTheSamePlaceCanAllBeMedoids() {
        KMedoids found = KMedoids.cluster(new double[6], 4, 4, Monitor.NONE);
        assertThat(found.group()).containsExactly(0, 1, 2, 3);
        assertThat(found.medoids()).containsExactly(0, 1, 2, 3);
        assertThat(KMedoids.cluster(new double[6], 4, 2, Monitor.NONE).group())
                .containsExactly(0, 1, 0, 0);
        assertThat(KMedoids.cluster(new double[0], 1, 1, Monitor.NONE).group()).containsExactly(0);
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatThrownBy(() -> KMedoids.cluster(new double[3], 3, 4, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot choose 4 medoids among 3 items; 1 to 3 can be");
        assertThatThrownBy(() -> KMedoids.cluster(new double[3], 3, 0, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot choose 0 medoids among 3 items; 1 to 3 can be");
    }

    @Test
    void theCallerCanStopIt() {
        double[] d = Distances.random(50, 1);
        for (int stopAt : new int[] {1, 40, 60, 130}) {
            assertThatThrownBy(() -> KMedoids.cluster(d, 50, 5, new Stop(stopAt)))
                    .isInstanceOf(Stop.Stopped.class);
        }
    }

    @Test
    void aThousandItemsTakeFewChecks() {
        // A sanity check of the passes: a plain BUILD of 100 medoids would look 95,000 times.
        int[] looks = new int[1];
        Monitor counting =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        looks[0]++;
                    }
                };
        Random random = new Random(4);
        double[] points = random.doubles(1000).toArray();
        KMedoids.cluster(Distances.ofPoints(points), 1000, 100, counting);
        assertThat(looks[0]).isLessThan(20_000);
    }
}
