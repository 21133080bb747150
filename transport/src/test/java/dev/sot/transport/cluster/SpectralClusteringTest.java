package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class SpectralClusteringTest {

    @Test
    void viewsAreAveragedOverThoseThatHaveAPair() {
        double[] mean =
                SpectralClustering.meanOfViews(
                        List.of(
                                new double[] {1, Double.NaN, 0.5},
                                new double[] {0, -1, Double.NaN},
                                new double[] {0.5, Double.NaN, Double.NaN}));
        assertThat(mean).containsExactly(new double[] {0.5, -1, 0.5}, within(1e-15));
        assertThat(SpectralClustering.meanOfViews(List.of(new double[] {Double.NaN})))
                .containsExactly(0);
    }

    @Test
    void blocksAreFoundInAnyOrderOfTheItems() {
        for (int n : new int[] {30, 120, 400}) {
            int[] planted = Planted.groups(n, 6, n);
            for (long seed = 0; seed < 2; seed++) {
                int[] there =
                        Arrays.stream(Planted.permutation(n, seed)).map(i -> planted[i]).toArray();
                double[] similarity =
                        Arrays.stream(Planted.distances(there, seed))
                                .map(d -> d < 1 ? 1 - d : 0.02 * (d - 2))
                                .toArray();
                int[] group = SpectralClustering.cluster(similarity, n, 6, seed, 2, Monitor.NONE);
                assertThat(Agreement.of(group, there).adjustedRand()).isEqualTo(1);
                assertThat(group).isEqualTo(Labels.inOrder(group));
            }
        }
    }

    /** The same as grouping the rows of the eigenvectors that an independent solver finds. */
    @Test
    void theGroupsAreThoseOfTheLeadingEigenvectors() {
        int n = 300;
        int k = 4;
        Random random = new Random(8);
        double[] similarity = random.doubles(n * (n - 1) / 2).map(s -> 2 * s - 1.2).toArray();
        int[] planted = Planted.groups(n, k, 2);
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                similarity[Condensed.index(i, j, n)] += planted[i] == planted[j] ? 0.2 : 0;
            }
        }
        RealMatrix a = MatrixUtils.createRealIdentityMatrix(n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i != j) {
                    a.setEntry(i, j, Math.max(0, Distances.get(similarity, n, i, j)));
                }
            }
        }
        double[] degree = new double[n];
        for (int i = 0; i < n; i++) {
            degree[i] = Arrays.stream(a.getRow(i)).sum();
        }
        RealMatrix normalized = a.copy();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                normalized.setEntry(
                        i, j, a.getEntry(i, j) / Math.sqrt(degree[i]) / Math.sqrt(degree[j]));
            }
        }
        EigenDecomposition oracle = new EigenDecomposition(normalized);
        double[][] points = new double[n][k];
        for (int i = 0; i < n; i++) {
            double squares = 0;
            for (int c = 0; c < k; c++) {
                points[i][c] = oracle.getEigenvector(c).getEntry(i);
                squares += points[i][c] * points[i][c];
            }
            for (int c = 0; c < k; c++) {
                points[i][c] /= Math.sqrt(squares);
            }
        }
        int[] expected = KMeans.cluster(points, k, 10, 42, Monitor.NONE).group();
        int[] found = SpectralClustering.cluster(similarity, n, k, 42, 1, Monitor.NONE);
        assertThat(Agreement.of(found, expected).adjustedRand()).isEqualTo(1);
        assertThat(SpectralClustering.cluster(similarity, n, k, 42, 4, Monitor.NONE))
                .isEqualTo(found);
    }

    @Test
    void everyNumberOfGroupsCanBeMade() {
        double[] similarity = Distances.random(9, 1);
        for (int k = 1; k <= 9; k++) {
            int[] group = SpectralClustering.cluster(similarity, 9, k, 1, 1, Monitor.NONE);
            assertThat(Labels.distinct(group)).hasSize(k);
        }
        assertThat(SpectralClustering.cluster(new double[0], 1, 1, 1, 1, Monitor.NONE))
                .containsExactly(0);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> SpectralClustering.meanOfViews(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no view; at least one is needed");
        assertThatThrownBy(
                        () -> SpectralClustering.meanOfViews(List.of(new double[1], new double[3])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a view has 3 pairs, the first has 1");
        assertThatThrownBy(
                        () ->
                                SpectralClustering.cluster(
                                        new double[] {0, Double.NaN, 0}, 3, 2, 1, 1, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("similarity of items 0 and 2 is NaN; it must be finite");
        assertThatThrownBy(
                        () -> SpectralClustering.cluster(new double[3], 3, 4, 1, 1, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot make 4 groups of 3 items; 1 to 3 can be made");
    }
}
