package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;

class RoleVectorsTest {

    private static final int N = 30;

    /** Tokens 0 to 3, logits 27 to 29, features between; a[i][j] is the weight from j to i. */
    private static double[][] weights(long seed) {
        Random random = new Random(seed);
        double[][] a = new double[N][N];
        for (int j = 0; j < N; j++) {
            for (int i = Math.max(4, j + 1); i < N; i++) {
                if (random.nextDouble() < 0.3) {
                    a[i][j] = random.nextGaussian();
                }
            }
        }
        return a;
    }

    private static CircuitGraph graph(double[][] a) {
        NodeKind[] kinds = new NodeKind[N];
        double[] probability = new double[N];
        for (int v = 0; v < N; v++) {
            kinds[v] = v < 4 ? NodeKind.EMBEDDING : v < 27 ? NodeKind.FEATURE : NodeKind.LOGIT;
            probability[v] = v < 27 ? 0 : 0.1 * (30 - v);
        }
        int[] links = IntStream.range(0, N * N).filter(k -> a[k / N][k % N] != 0).toArray();
        return new CircuitGraph(
                kinds,
                probability,
                Arrays.stream(links).map(k -> k % N).toArray(),
                Arrays.stream(links).map(k -> k / N).toArray(),
                Arrays.stream(links).mapToDouble(k -> a[k / N][k % N]).toArray());
    }

    /** The seed's row times (I - shares)^-1, which is the sum of all powers. */
    private static RealVector spread(RealMatrix absolute, double[] seed) {
        RealMatrix shares = absolute.copy();
        for (int i = 0; i < N; i++) {
            double sum = Math.max(1e-10, Arrays.stream(absolute.getRow(i)).sum());
            shares.setRowVector(i, absolute.getRowVector(i).mapDivide(sum));
        }
        return new LUDecomposition(MatrixUtils.createRealIdentityMatrix(N).subtract(shares))
                .getSolver()
                .getInverse()
                .preMultiply(new ArrayRealVector(seed));
    }

    @Test
    void similaritiesAreTheCosinesOfThePublishedVectors() {
        for (long seed = 0; seed < 5; seed++) {
            double[][] a = weights(seed);
            CircuitGraph graph = graph(a);
            RealMatrix absolute = MatrixUtils.createRealMatrix(N, N);
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) {
                    absolute.setEntry(i, j, Math.abs(a[i][j]));
                }
            }
            double[] logits = new double[N];
            double[] tokens = new double[N];
            for (int v = 0; v < N; v++) {
                logits[v] = graph.logitProbability(v);
                tokens[v] = v < 4 ? 0.25 : 0;
            }
            RealVector influence = spread(absolute, logits);
            RealVector relevance = spread(absolute.transpose(), tokens);
            double[][] role = new double[N][2 * N];
            for (int i = 0; i < N; i++) {
                for (int k = 0; k < N; k++) {
                    role[i][k] = a[k][i] * Math.sqrt(influence.getEntry(k));
                    role[i][N + k] = a[i][k] * Math.sqrt(relevance.getEntry(k));
                }
            }
            int[] nodes = IntStream.range(4, 27).filter(v -> v % 4 != 1).toArray();
            double[] cosines = RoleVectors.similarities(graph, nodes, Monitor.NONE);
            double[] distances = RoleVectors.distances(graph, nodes, Monitor.NONE);
            int next = 0;
            for (int i = 0; i < nodes.length; i++) {
                for (int j = i + 1; j < nodes.length; j++, next++) {
                    RealVector r = new ArrayRealVector(role[nodes[i]]);
                    RealVector s = new ArrayRealVector(role[nodes[j]]);
                    double norm = r.getNorm() * s.getNorm();
                    double expected = norm > 0 ? r.dotProduct(s) / norm : 0;
                    assertThat(cosines[next]).isCloseTo(expected, within(1e-12));
                    assertThat(distances[next]).isCloseTo(1 - expected, within(1e-12));
                }
            }
        }
    }

    @Test
    void whatComesFromNoTokenAndReachesNoLogitHasNoRole() {
        double[][] a = new double[N][N];
        a[5][0] = 1;
        a[6][0] = 2;
        a[27][5] = 1;
        a[27][6] = 2;
        a[8][7] = 1;
        a[9][7] = 1;
        double[] cosines = RoleVectors.similarities(graph(a), new int[] {5, 6, 8, 9}, Monitor.NONE);
        assertThat(cosines).containsExactly(new double[] {1, 0, 0, 0, 0, 0}, within(1e-15));
    }

    @Test
    void massesOfPairsAddUpToWhatTheirGroupHides() {
        double[][] a = weights(8);
        a[12][20] = -3;
        double total = Arrays.stream(a).flatMapToDouble(Arrays::stream).map(Math::abs).sum();
        int[] nodes = {20, 5, 12, 9};
        double[] mass = LinkMass.between(graph(a), nodes);
        for (int i = 0; i < 4; i++) {
            for (int j = i + 1; j < 4; j++) {
                double there = Math.abs(a[nodes[i]][nodes[j]]);
                double back = Math.abs(a[nodes[j]][nodes[i]]);
                assertThat(Distances.get(mass, 4, i, j))
                        .isCloseTo((there + back) / total, within(1e-15));
            }
        }
        assertThat(LinkMass.between(graph(new double[N][N]), nodes)).containsOnly(0);
    }
}
