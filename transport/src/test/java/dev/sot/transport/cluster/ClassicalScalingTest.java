package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassicalScalingTest {

    private static double[] distances(double[][] points) {
        int n = points.length;
        double[] condensed = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double sum = 0;
                for (int d = 0; d < points[i].length; d++) {
                    sum += Math.pow(points[i][d] - points[j][d], 2);
                }
                condensed[next++] = Math.sqrt(sum);
            }
        }
        return condensed;
    }

    private static double[][] random(int n, int dimension, long seed) {
        Random random = new Random(seed);
        double[][] points = new double[n][dimension];
        for (double[] point : points) {
            Arrays.setAll(point, d -> random.nextGaussian() * (d + 1));
        }
        return points;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 60, 400})
    void distancesOfPointsAreKept(int n) {
        double[] d = distances(random(n, 3, n));
        ClassicalScaling scaling = ClassicalScaling.of(d, n, 8, 2, Monitor.NONE);
        assertThat(scaling.fit()).isCloseTo(1, within(1e-12));
        assertThat(scaling.points()[0]).hasSize(Math.min(3, n - 1));
        assertThat(distances(scaling.points())).containsExactly(d, within(1e-9));
        for (int c = 0; c < scaling.points()[0].length; c++) {
            int column = c;
            assertThat(Arrays.stream(scaling.points()).mapToDouble(p -> p[column]).sum())
                    .isCloseTo(0, within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 300})
    void otherDistancesAreThoseOfTheLargestEigenvalues(int n) {
        double[] d = Distances.random(n, 7);
        double[][] squares = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                squares[i][j] = -0.5 * Math.pow(Distances.get(d, n, i, j), 2);
            }
        }
        RealMatrix centring =
                MatrixUtils.createRealIdentityMatrix(n)
                        .subtract(MatrixUtils.createRealMatrix(n, n).scalarAdd(1.0 / n));
        EigenDecomposition oracle =
                new EigenDecomposition(
                        symmetric(
                                centring.multiply(MatrixUtils.createRealMatrix(squares))
                                        .multiply(centring)));
        double[] values = oracle.getRealEigenvalues();
        assertThat(values[n - 1]).as("not Euclidean").isNegative();
        ClassicalScaling scaling = ClassicalScaling.of(d, n, 4, 2, Monitor.NONE);
        double all = Arrays.stream(values).map(x -> x * x).sum();
        double kept = Arrays.stream(values).limit(4).map(x -> x * x).sum();
        assertThat(scaling.fit()).isCloseTo(kept / all, within(1e-10));
        for (int c = 0; c < 4; c++) {
            double[] coordinate = new double[n];
            for (int i = 0; i < n; i++) {
                coordinate[i] = scaling.points()[i][c];
            }
            double product =
                    oracle.getEigenvector(c).dotProduct(MatrixUtils.createRealVector(coordinate));
            assertThat(Math.abs(product)).isCloseTo(Math.sqrt(values[c]), within(1e-8));
        }
        assertThat(ClassicalScaling.of(d, n, 4, 1, Monitor.NONE).points())
                .isDeepEqualTo(scaling.points());
    }

    private static RealMatrix symmetric(RealMatrix matrix) {
        return matrix.add(matrix.transpose()).scalarMultiply(0.5);
    }

    @Test
    void itemsAtOnePlaceAreAtTheOrigin() {
        ClassicalScaling scaling = ClassicalScaling.of(new double[10], 5, 3, 1, Monitor.NONE);
        assertThat(scaling.points()).isDeepEqualTo(new double[5][1]);
        assertThat(scaling.fit()).isEqualTo(1);
        assertThat(ClassicalScaling.of(new double[0], 1, 3, 1, Monitor.NONE).points())
                .isDeepEqualTo(new double[1][1]);
    }

    @Test
    void aDimensionIsNeeded() {
        assertThatThrownBy(() -> ClassicalScaling.of(new double[1], 2, 0, 1, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimension is 0; at least one is needed");
    }
}
