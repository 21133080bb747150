package dev.sot.transport.approximate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

class NuclearNormTest {

    @Test
    void agreesWithASingularValueDecomposition() {
        Random random = new Random(50);
        for (int trial = 0; trial < 200; trial++) {
            int columns = 1 + random.nextInt(30);
            int rows = columns + random.nextInt(10);
            int rank = trial % 3 == 0 ? 1 + random.nextInt(columns) : columns;
            assertNorm(product(gaussian(random, rows, rank), gaussian(random, rank, columns)));
        }
    }

    @Test
    void singularValuesOfVeryDifferentSizeAreAllFound() {
        Random random = new Random(51);
        for (int trial = 0; trial < 50; trial++) {
            int size = 20;
            double[][] matrix = gaussian(random, size, size);
            for (int i = 0; i < size; i++) {
                double scale = Math.pow(10, trial % 2 == 0 ? -i : i - size);
                for (int j = 0; j < size; j++) {
                    matrix[i][j] *= trial % 4 < 2 ? scale : Math.pow(scale, (double) j / size);
                }
            }
            assertNorm(matrix);
        }
    }

    /** What reflections leave of such a matrix is rounding of rounding, down to underflow. */
    @Test
    void lowRankDoesNotUnderflow() {
        Random random = new Random(53);
        for (int size = 16; size <= 64; size += 16) {
            for (int trial = 0; trial < 500; trial++) {
                // Points upon points: few rows and columns differ but for a factor.
                double[][] few = gaussian(random, 3, 4);
                double[][] matrix = new double[size][size];
                double[] weights = random.doubles(size).toArray();
                for (int i = 0; i < size; i++) {
                    for (int j = 0; j < size; j++) {
                        matrix[i][j] = weights[i] * few[i % 3][j % 4];
                    }
                }
                assertThat(NuclearNorm.of(copy(matrix, 1))).isFinite().isPositive();
                if (trial < 5) {
                    assertNorm(matrix);
                }
            }
        }
    }

    @Test
    void structuredMatricesConverge() {
        assertThat(NuclearNorm.of(new double[4][3])).isZero();
        assertThat(NuclearNorm.of(new double[][] {{-3}})).isEqualTo(3);
        double[][] ones = new double[9][9];
        double[][] identity = new double[9][9];
        double[][] bidiagonal = new double[60][60];
        for (int i = 0; i < 60; i++) {
            if (i < 9) {
                Arrays.fill(ones[i], 1);
                identity[i][i] = 1;
            }
            bidiagonal[i][i] = i % 7 == 3 ? 0 : 1;
            bidiagonal[i][(i + 1) % 60] = 1;
        }
        assertThat(NuclearNorm.of(ones)).isCloseTo(9, within(1e-14));
        assertThat(NuclearNorm.of(identity)).isCloseTo(9, within(1e-14));
        assertNorm(bidiagonal);
    }

    @Test
    void scaleIsNoObstacle() {
        Random random = new Random(52);
        double[][] matrix = gaussian(random, 8, 8);
        double norm = NuclearNorm.of(copy(matrix, 1));
        assertThat(NuclearNorm.of(copy(matrix, 0x1p-600))).isEqualTo(norm * 0x1p-600);
        assertThat(NuclearNorm.of(copy(matrix, 0x1p600))).isEqualTo(norm * 0x1p600);
    }

    private static void assertNorm(double[][] matrix) {
        double[] singular =
                new SingularValueDecomposition(new Array2DRowRealMatrix(matrix))
                        .getSingularValues();
        double largest = singular[0];
        assertThat(NuclearNorm.of(copy(matrix, 1)))
                .isCloseTo(Arrays.stream(singular).sum(), within(1e-13 * largest * matrix.length));
    }

    private static double[][] copy(double[][] matrix, double factor) {
        return Arrays.stream(matrix)
                .map(row -> Arrays.stream(row).map(entry -> entry * factor).toArray())
                .toArray(double[][]::new);
    }

    private static double[][] gaussian(Random random, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            Arrays.setAll(row, j -> random.nextGaussian());
        }
        return matrix;
    }

    private static double[][] product(double[][] a, double[][] b) {
        return new Array2DRowRealMatrix(a).multiply(new Array2DRowRealMatrix(b)).getData();
    }
}
