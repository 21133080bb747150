package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EdgeProfilesTest {

    @Test
    void edgeProfilesCompareWhereNodesTakeFromAndGiveTo() {
        NodeKind[] kinds = new NodeKind[7];
        Arrays.fill(kinds, NodeKind.FEATURE);
        // Nodes 2, 3 and 4 read from 0 and 1 and write to 5; node 6 is isolated.
        CircuitGraph graph =
                new CircuitGraph(
                        kinds,
                        new double[7],
                        new int[] {0, 1, 0, 1, 0, 2, 3, 4},
                        new int[] {2, 2, 3, 3, 4, 5, 5, 5},
                        new double[] {3, 4, 6, 8, 1, 2, 5, -1});
        double[] d = EdgeProfiles.distances(graph, new int[] {2, 4, 3, 6, 0}, Monitor.NONE);
        assertThat(Distances.get(d, 5, 0, 2)).as("proportional").isCloseTo(0, within(1e-15));
        assertThat(Distances.get(d, 5, 0, 1))
                .as("3/5 of the input alike, output opposite")
                .isCloseTo(1 - (0.6 - 1) / 2, within(1e-15));
        assertThat(Distances.get(d, 5, 0, 3)).as("isolated").isEqualTo(1);
        assertThat(Distances.get(d, 5, 0, 4)).as("nothing in common").isEqualTo(1);
    }

    @Test
    void edgeProfileDistancesAreThoseOfDenseProfiles() {
        int n = 30;
        Random random = new Random(9);
        double[][] w = new double[n][n];
        int[] source = new int[n * n];
        int[] target = new int[n * n];
        double[] weight = new double[n * n];
        int links = 0;
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < n; v++) {
                // Some nodes have no input, some no output.
                if (u % 7 != 3 && v % 5 != 2 && random.nextDouble() < 0.3) {
                    w[u][v] = random.nextGaussian();
                    source[links] = u;
                    target[links] = v;
                    weight[links++] = w[u][v];
                }
            }
        }
        NodeKind[] kinds = new NodeKind[n];
        Arrays.fill(kinds, NodeKind.FEATURE);
        CircuitGraph graph =
                new CircuitGraph(
                        kinds,
                        new double[n],
                        Arrays.copyOf(source, links),
                        Arrays.copyOf(target, links),
                        Arrays.copyOf(weight, links));
        int[] nodes = IntStream.range(0, n).filter(v -> v % 3 != 1).toArray();
        double[] d = EdgeProfiles.distances(graph, nodes, Monitor.NONE);
        for (int i = 0; i < nodes.length; i++) {
            for (int j = i + 1; j < nodes.length; j++) {
                double[] a = profile(w, nodes[i]);
                double[] b = profile(w, nodes[j]);
                double norm = Math.sqrt(dot(a, a) * dot(b, b));
                double expected = norm > 0 ? 1 - dot(a, b) / norm : 1;
                assertThat(Distances.get(d, nodes.length, i, j)).isCloseTo(expected, within(1e-12));
            }
        }
    }

    private static double[] profile(double[][] w, int v) {
        int n = w.length;
        double[] in = IntStream.range(0, n).mapToDouble(u -> w[u][v]).toArray();
        double[] out = w[v];
        double[] profile = new double[2 * n];
        for (int u = 0; u < n; u++) {
            profile[u] = dot(in, in) > 0 ? in[u] / Math.sqrt(dot(in, in)) : 0;
            profile[n + u] = dot(out, out) > 0 ? out[u] / Math.sqrt(dot(out, out)) : 0;
        }
        return profile;
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(k -> a[k] * b[k]).sum();
    }

    @Test
    void aNodeGivenTwiceIsRefused() {
        CircuitGraph graph =
                new CircuitGraph(
                        new NodeKind[] {NodeKind.FEATURE},
                        new double[1],
                        new int[0],
                        new int[0],
                        new double[0]);
        assertThatThrownBy(() -> EdgeProfiles.distances(graph, new int[] {0, 0}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node 0 is given twice");
    }

    @Test
    void theHalvesOfProfilesCompareWhereBothNodesHaveLinks() {
        NodeKind[] kinds = new NodeKind[5];
        Arrays.fill(kinds, NodeKind.FEATURE);
        CircuitGraph graph =
                new CircuitGraph(
                        kinds,
                        new double[5],
                        new int[] {0, 1, 0, 1, 2, 3},
                        new int[] {2, 2, 3, 3, 4, 4},
                        new double[] {3, 4, 4, 3, 2, -5});
        int[] nodes = {2, 3, 0};
        assertThat(EdgeProfiles.incoming(graph, nodes, Monitor.NONE))
                .containsExactly(new double[] {24.0 / 25, Double.NaN, Double.NaN}, within(1e-15));
        assertThat(EdgeProfiles.outgoing(graph, nodes, Monitor.NONE))
                .containsExactly(new double[] {-1, 0, 0}, within(1e-15));
    }

    @Test
    void noUnitOfWeightsIsTooLargeOrTooSmall() {
        NodeKind[] kinds = new NodeKind[5];
        Arrays.fill(kinds, NodeKind.FEATURE);
        int[] source = {0, 1, 0, 1, 2, 3};
        int[] target = {2, 2, 3, 3, 4, 4};
        double[] weight = {3, 4, 4, -3.5, 1, 2};
        int[] nodes = {0, 1, 2, 3, 4};
        double[][] expected = {
            EdgeProfiles.distances(
                    new CircuitGraph(kinds, new double[5], source, target, weight),
                    nodes,
                    Monitor.NONE),
            EdgeProfiles.incoming(
                    new CircuitGraph(kinds, new double[5], source, target, weight),
                    nodes,
                    Monitor.NONE)
        };
        for (int exponent : new int[] {-1073, -1000, -666, 530, 800, 1021}) {
            // What goes into nodes 2 and 3; what goes out of them stays as it was.
            double[] scaled = new double[6];
            for (int k = 0; k < 6; k++) {
                scaled[k] = Math.scalb(weight[k], k < 4 ? exponent : 0);
            }
            CircuitGraph graph = new CircuitGraph(kinds, new double[5], source, target, scaled);
            assertThat(EdgeProfiles.distances(graph, nodes, Monitor.NONE))
                    .as("2^%d", exponent)
                    .isEqualTo(expected[0]);
            assertThat(EdgeProfiles.incoming(graph, nodes, Monitor.NONE)).isEqualTo(expected[1]);
        }
    }
}
