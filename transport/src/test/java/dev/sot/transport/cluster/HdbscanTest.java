package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.transport.Monitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HdbscanTest {

    @Test
    void denseRegionsAreGroupsAndWhatIsBetweenThemIsNoise() {
        double[] d =
                Distances.ofPoints(0, 50, 1, 51, 2, 52, 3, 53, 110, 4, 54, 200, 201, 202, 203, 204);
        Hdbscan found = Hdbscan.cluster(d, 16, 4, 3, Monitor.NONE);
        assertThat(found.group()).containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 2, 0, 1, 3, 3, 3, 3, 3);
        assertThat(found.clusters()).isEqualTo(3);
        assertThat(found.noise()).isEqualTo(1);
    }

    @Test
    void groupsOfDifferentDensityAreFoundTogether() {
        // A tight pair of groups far from a loose one: no single radius gives the three.
        double[] d =
                Distances.ofPoints(0, 0.01, 0.02, 0.03, 0.5, 0.51, 0.52, 0.53, 100, 110, 120, 131);
        assertThat(Hdbscan.cluster(d, 12, 3, 2, Monitor.NONE).group())
                .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
    }

    /** The definition, by the connected components of every level. */
    private static final class Reference {

        private final double[] reach;
        private final int n;
        private final int minSize;
        private final double mostLambda;

        Reference(double[] d, int n, int minSize, int samples) {
            this.n = n;
            this.minSize = minSize;
            double[] core = new double[n];
            for (int i = 0; i < n; i++) {
                int item = i;
                double[] sorted =
                        IntStream.range(0, n)
                                .mapToDouble(j -> Distances.get(d, n, item, j))
                                .sorted()
                                .toArray();
                core[i] = sorted[Math.min(samples, n) - 1];
            }
            reach = d.clone();
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    int pair = Condensed.index(i, j, n);
                    reach[pair] = Math.max(d[pair], Math.max(core[i], core[j]));
                }
            }
            double least = Arrays.stream(reach).filter(x -> x > 0).min().orElse(1);
            mostLambda = 1 / least;
        }

        /** A cluster: what it chooses below and including itself, and how stable that is. */
        private record Choice(double stability, List<List<Integer>> groups) {}

        int[] group() {
            List<Integer> all = IntStream.range(0, n).boxed().toList();
            List<List<Integer>> groups = below(all, 0).groups;
            int[] group = new int[n];
            Arrays.setAll(group, i -> groups.size() + i);
            for (int g = 0; g < groups.size(); g++) {
                for (int i : groups.get(g)) {
                    group[i] = g;
                }
            }
            return Labels.inOrder(group);
        }

        private Choice cluster(List<Integer> members, double birth) {
            Choice below = below(members, birth);
            double own = ownStability;
            return own >= below.stability
                    ? new Choice(own, List.of(members))
                    : new Choice(below.stability, below.groups);
        }

        private double ownStability;

        /** Follows a cluster down to its end; leaves its own stability. */
        private Choice below(List<Integer> members, double birth) {
            double stability = 0;
            List<Integer> alive = members;
            while (true) {
                double height = connectedAt(alive);
                double lambda = height > 0 ? 1 / height : mostLambda;
                List<List<Integer>> large = new ArrayList<>();
                for (List<Integer> part : components(alive, height)) {
                    if (part.size() >= minSize) {
                        large.add(part);
                    }
                }
                if (large.size() == 1) {
                    stability += (alive.size() - large.get(0).size()) * (lambda - birth);
                    alive = large.get(0);
                    continue;
                }
                stability += alive.size() * (lambda - birth);
                double sum = 0;
                List<List<Integer>> groups = new ArrayList<>();
                for (List<Integer> part : large) {
                    Choice choice = cluster(part, lambda);
                    sum += choice.stability;
                    groups.addAll(choice.groups);
                }
                ownStability = stability;
                return new Choice(sum, groups);
            }
        }

        /** The least height at which these are connected. */
        private double connectedAt(List<Integer> members) {
            double[] heights =
                    members.stream()
                            .flatMapToDouble(
                                    i ->
                                            members.stream()
                                                    .mapToDouble(
                                                            j -> Distances.get(reach, n, i, j)))
                            .sorted()
                            .distinct()
                            .toArray();
            for (double h : heights) {
                if (components(members, Math.nextUp(h)).size() == 1) {
                    return h;
                }
            }
            throw new AssertionError();
        }

        /** Connected by pairs below a height. */
        private List<List<Integer>> components(List<Integer> members, double height) {
            List<List<Integer>> components = new ArrayList<>();
            List<Integer> left = new ArrayList<>(members);
            while (!left.isEmpty()) {
                List<Integer> component = new ArrayList<>(List.of(left.remove(0)));
                for (int at = 0; at < component.size(); at++) {
                    int i = component.get(at);
                    List<Integer> reached =
                            left.stream()
                                    .filter(j -> Distances.get(reach, n, i, j) < height)
                                    .toList();
                    component.addAll(reached);
                    left.removeAll(reached);
                }
                components.add(component);
            }
            return components;
        }
    }

    @Test
    void theGroupsAreThoseOfTheDefinition() {
        int groups = 0;
        for (int trial = 0; trial < 150; trial++) {
            int n = 2 + trial % 29;
            Random random = new Random(trial);
            double[] points =
                    random.doubles(n).map(x -> 5 * random.nextInt(4) + x * (1 + x)).toArray();
            double[] d =
                    switch (trial % 3) {
                        case 0 -> Distances.random(n, trial);
                        case 1 -> Distances.tied(n, trial);
                        default -> Distances.ofPoints(points);
                    };
            int minSize = 2 + trial % 4;
            int samples = 1 + trial % 5;
            Hdbscan found = Hdbscan.cluster(d, n, minSize, samples, Monitor.NONE);
            int[] expected = new Reference(d, n, minSize, samples).group();
            assertThat(found.group()).as("trial %d", trial).isEqualTo(expected);
            int[] sizes =
                    Labels.sizes(found.group(), Arrays.stream(found.group()).max().getAsInt() + 1);
            assertThat(found.noise())
                    .isEqualTo((int) Arrays.stream(sizes).filter(s -> s == 1).count());
            assertThat(found.clusters()).isEqualTo(sizes.length - found.noise());
            assertThat(Arrays.stream(sizes).filter(s -> s > 1).min().orElse(minSize))
                    .isGreaterThanOrEqualTo(minSize);
            groups += found.clusters();
        }
        assertThat(groups).as("the trials are no trivial ones").isGreaterThan(100);
    }

    @Test
    void plantedGroupsAreFoundInAnyOrderOfTheItems() {
        int[] planted = Planted.groups(150, 6, 2);
        for (long seed = 0; seed < 5; seed++) {
            int[] there =
                    Arrays.stream(Planted.permutation(150, seed)).map(i -> planted[i]).toArray();
            double[] d = Planted.distances(there, seed);
            Hdbscan found = Hdbscan.cluster(d, 150, 5, 5, Monitor.NONE);
            assertThat(Agreement.of(found.group(), there).adjustedRand()).isEqualTo(1);
        }
    }

    @Test
    void multiplyingAllDistancesChangesNothing() {
        double[] d = Distances.random(60, 4);
        double[] scaled = Arrays.stream(d).map(x -> 1024 * x).toArray();
        assertThat(Hdbscan.cluster(scaled, 60, 3, 3, Monitor.NONE).group())
                .isEqualTo(Hdbscan.cluster(d, 60, 3, 3, Monitor.NONE).group());
    }

    @Test
    void itemsThatNothingTellsApartAreNoise() {
        assertThat(Hdbscan.cluster(new double[10], 5, 2, 1, Monitor.NONE))
                .satisfies(
                        found -> {
                            assertThat(found.group()).containsExactly(0, 1, 2, 3, 4);
                            assertThat(found.noise()).isEqualTo(5);
                        });
        assertThat(Hdbscan.cluster(new double[0], 1, 2, 1, Monitor.NONE).group())
                .containsExactly(0);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> Hdbscan.cluster(new double[1], 2, 1, 0, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minSize and samples are 1 and 0; at least 2 and 1 are needed");
        assertThatThrownBy(() -> Hdbscan.cluster(Distances.random(50, 1), 50, 3, 3, new Stop(20)))
                .isInstanceOf(Stop.Stopped.class);
    }
}
