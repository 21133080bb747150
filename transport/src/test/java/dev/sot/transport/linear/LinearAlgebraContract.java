package dev.sot.transport.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend of {@link LinearAlgebra} does, with Commons Math as the oracle. */
public abstract class LinearAlgebraContract {

    /** The backend under test. */
    protected abstract LinearAlgebra algebra();

    @ParameterizedTest
    @CsvSource({"1,1", "3,1", "7,5", "64,64", "257,130", "40,600", "600,513", "33,1030"})
    void scatterIsTheSumOfOuterProducts(int count, int d) {
        double[][] rows = random(count + 2, d, 1);
        double[][] scatter = random(d, d, 2);
        double[][] before = copy(scatter);
        algebra().addScatter(rows, count, scatter, 2, Monitor.NONE);
        double[][] head = Arrays.copyOf(rows, count);
        double[][] expected = matrix(head).transpose().multiply(matrix(head)).getData();
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                assertThat(scatter[i][j] - before[i][j])
                        .isCloseTo(expected[i][j], within(1e-11 * count));
            }
        }
    }

    @Test
    void scatterOfTheWidthOfAModelAgreesWithTheBuiltInOne() {
        double[][] rows = random(300, 2304, 3);
        for (double[] row : rows) {
            for (int k = 0; k < row.length; k++) {
                row[k] *= k % 7 == 0 ? 1e4 : 1e-3;
            }
        }
        double[][] scatter = new double[2304][2304];
        double[][] expected = new double[2304][2304];
        algebra().addScatter(rows, rows.length, scatter, 2, Monitor.NONE);
        Backends.java().addScatter(rows, rows.length, expected, 1, Monitor.NONE);
        for (int i = 0; i < scatter.length; i += 13) {
            for (int j = i; j < scatter.length; j++) {
                // Relative to what Cauchy and Schwarz allow: sums of mixed signs cancel.
                double size = Math.sqrt(expected[i][i] * expected[j][j]);
                assertThat(scatter[i][j]).isCloseTo(expected[i][j], within(1e-12 * size));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 65, 200})
    void allEigenpairsOfAMatrixAreThoseOfTheOracle(int d) {
        double[][] matrix = covariance(d + 5, d, 1, 4);
        SymmetricEigen eigen = algebra().eigen(upper(matrix), d, 2, Monitor.NONE);
        EigenDecomposition oracle = new EigenDecomposition(matrix(matrix));
        for (int i = 0; i < d; i++) {
            assertThat(eigen.values()[i])
                    .isCloseTo(
                            oracle.getRealEigenvalues()[i],
                            within(1e-12 * oracle.getRealEigenvalues()[0]));
        }
        assertEigenpairs(matrix, eigen);
    }

    @ParameterizedTest
    @CsvSource({
        "600,300,16,1",
        "600,900,16,1e3",
        "500,700,3,1e-6",
        "700,700,1,1",
        "2304,120,16,30"
    })
    void fewEigenpairsOfALargeMatrixAreTheLargest(int d, int rows, int count, double scale) {
        double[][] matrix = covariance(rows, d, scale, 5);
        SymmetricEigen eigen = algebra().eigen(upper(matrix), count, 2, Monitor.NONE);
        assertThat(eigen.values()).hasSize(count);
        assertEigenpairs(matrix, eigen);
        double[] all = smallSide(rows, d, scale, 5);
        for (int i = 0; i < count; i++) {
            assertThat(eigen.values()[i]).isCloseTo(all[i], within(1e-11 * all[0]));
        }
    }

    @Test
    void aRankLowerThanAskedForLeavesZeros() {
        double[][] rows = random(5, 400, 6);
        double[][] matrix = new double[400][400];
        algebra().addScatter(rows, 5, matrix, 1, Monitor.NONE);
        mirror(matrix);
        SymmetricEigen eigen = algebra().eigen(matrix, 12, 1, Monitor.NONE);
        assertThat(eigen.values()[4]).isGreaterThan(0.1 * eigen.values()[0]);
        for (int i = 5; i < 12; i++) {
            assertThat(eigen.values()[i]).isCloseTo(0, within(1e-12 * eigen.values()[0]));
        }
        assertEigenpairs(matrix, eigen);
    }

    @Test
    void equalEigenvaluesAreAllFound() {
        int d = 500;
        double[][] matrix = new double[d][d];
        for (int i = 0; i < d; i++) {
            matrix[i][i] = i % 10 == 0 ? 7 : 1;
        }
        SymmetricEigen eigen = algebra().eigen(matrix, 20, 2, Monitor.NONE);
        double[] sevens = new double[20];
        Arrays.fill(sevens, 7);
        assertThat(eigen.values()).containsExactly(sevens, within(1e-12));
        assertEigenpairs(matrix, eigen);
    }

    @Test
    void badlyScaledMatricesKeepTheirLargestPairs() {
        int d = 450;
        double[][] rows = random(800, d, 7);
        for (double[] row : rows) {
            for (int k = 0; k < d; k++) {
                row[k] *= Math.pow(10, -8.0 * k / d);
            }
        }
        double[][] matrix = new double[d][d];
        algebra().addScatter(rows, rows.length, matrix, 2, Monitor.NONE);
        mirror(matrix);
        SymmetricEigen some = algebra().eigen(matrix, 10, 1, Monitor.NONE);
        SymmetricEigen all = algebra().eigen(matrix, d, 1, Monitor.NONE);
        for (int i = 0; i < 10; i++) {
            assertThat(some.values()[i])
                    .isCloseTo(all.values()[i], within(1e-12 * all.values()[0]));
            assertThat(some.vectors()[i]).containsExactly(all.vectors()[i], within(1e-9));
        }
        assertEigenpairs(matrix, all);
    }

    @Test
    void matricesOfZerosHaveEigenpairs() {
        for (int d : new int[] {1, 4, 500}) {
            SymmetricEigen eigen = algebra().eigen(new double[d][d], 1, 1, Monitor.NONE);
            assertThat(eigen.values()).containsExactly(0);
            assertEigenpairs(new double[d][d], eigen);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "4,4", "9,3", "3,9", "120,70", "60,150"})
    void singularValuesAreThoseOfTheOracle(int m, int n) {
        double[][] matrix = random(m, n, 8);
        SingularValues found = algebra().singularValues(matrix, 2, Monitor.NONE);
        double[] expected = new SingularValueDecomposition(matrix(matrix)).getSingularValues();
        assertThat(found.values()).containsExactly(expected, within(1e-11 * expected[0]));
        assertOrthonormal(found.left());
        assertOrthonormal(found.right());
        assertThat(product(found).subtract(matrix(matrix)).getNorm())
                .isLessThan(1e-11 * expected[0] * m);
    }

    @Test
    void smallSingularValuesOfScaledColumnsAreExactToo() {
        double[][] matrix = random(40, 20, 9);
        double[][] scaled = copy(matrix);
        for (double[] row : scaled) {
            for (int k = 0; k < 20; k++) {
                row[k] = Math.scalb(row[k], -k);
            }
        }
        SingularValues found = algebra().singularValues(scaled, 1, Monitor.NONE);
        assertThat(found.values()).hasSize(20);
        assertThat(found.values()[19]).isLessThan(1e-4 * found.values()[0]);
        assertOrthonormal(found.left());
        // The product of the singular values is the volume, which LU gives of the Gram matrix.
        double volume = 1;
        for (int k = 0; k < 20; k++) {
            volume *= Math.scalb(found.values()[k], k);
        }
        RealMatrix gram = matrix(matrix).transpose().multiply(matrix(matrix));
        assertThat(volume * volume / new LUDecomposition(gram).getDeterminant())
                .isCloseTo(1, within(1e-10));
    }

    @Test
    void directionsInWhichAMatrixVanishesAreLeftOut() {
        double[][] low = matrix(random(50, 3, 10)).multiply(matrix(random(3, 30, 11))).getData();
        SingularValues found = algebra().singularValues(low, 2, Monitor.NONE);
        assertThat(found.values()).hasSize(3);
        assertThat(product(found).subtract(matrix(low)).getNorm()).isLessThan(1e-12 * 50 * 30);
        assertThat(algebra().singularValues(new double[4][6], 1, Monitor.NONE).values()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,1,0", "5,3,0.5", "200,40,1e-3", "700,9,10", "600,650,1"})
    void ridgeSolvesTheNormalEquations(int d, int m, double penalty) {
        double[][] gram = covariance(d + 3, d, 1, 12);
        double[][] cross = random(d, m, 13);
        double[][] solution = algebra().ridge(upper(gram), cross, penalty, 2, Monitor.NONE);
        double[][] shifted = copy(gram);
        double largest = 0;
        for (int i = 0; i < d; i++) {
            shifted[i][i] += penalty;
            largest = Math.max(largest, shifted[i][i]);
        }
        double size =
                Arrays.stream(solution)
                        .flatMapToDouble(Arrays::stream)
                        .map(Math::abs)
                        .max()
                        .getAsDouble();
        double[][] image = matrix(shifted).multiply(matrix(solution)).getData();
        for (int i = 0; i < d; i++) {
            assertThat(image[i]).containsExactly(cross[i], within(1e-13 * d * largest * size));
        }
    }

    @Test
    void singularNormalEquationsAreRefused() {
        double[][] gram = {{1, 2}, {2, 4}};
        double[][] cross = {{1}, {1}};
        assertThatThrownBy(() -> algebra().ridge(gram, cross, 0, 1, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("singular with a penalty of 0.0");
        assertThat(algebra().ridge(gram, cross, 1, 1, Monitor.NONE)).hasDimensions(2, 1);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "5,2,9", "130,16,600", "1100,3,20", "20,530,40"})
    void projectionsAreInnerProducts(int count, int r, int d) {
        double[][] rows = random(count + 1, d, 14);
        double[][] directions = random(r, d, 15);
        double[][] projected = algebra().project(rows, count, directions, 2, Monitor.NONE);
        assertThat(projected).hasDimensions(count, r);
        double[][] expected = matrix(rows).multiply(matrix(directions).transpose()).getData();
        for (int i = 0; i < count; i++) {
            assertThat(projected[i]).containsExactly(expected[i], within(1e-12 * d));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,9,4", "600,70,32", "40,700,300"})
    void squaredDistancesAreThoseOfDifferences(int n, int m, int d) {
        double[][] points = random(n, d, 16);
        double[][] others = random(m, d, 17);
        others[m - 1] = points[0].clone();
        for (double[][] block : new double[][][] {points, others}) {
            for (double[] point : block) {
                point[0] += 1e6;
            }
        }
        double[][] distances = algebra().squaredDistances(points, others, 2, Monitor.NONE);
        assertThat(distances).hasDimensions(n, m);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double expected = 0;
                for (int k = 0; k < d; k++) {
                    expected += Math.pow(points[i][k] - others[j][k], 2);
                }
                assertThat(distances[i][j]).isNotNegative().isCloseTo(expected, within(1e-11 * d));
            }
        }
    }

    @Test
    void resultsAreTheSameBytesAtAnyConcurrency() {
        double[][] rows = random(300, 1100, 18);
        double[][] once = new double[1100][1100];
        algebra().addScatter(rows, 300, once, 1, Monitor.NONE);
        SymmetricEigen eigenOnce = algebra().eigen(once, 5, 1, Monitor.NONE);
        SingularValues singularOnce = algebra().singularValues(random(90, 80, 19), 1, Monitor.NONE);
        for (int concurrency : new int[] {2, 3}) {
            double[][] again = new double[1100][1100];
            algebra().addScatter(rows, 300, again, concurrency, Monitor.NONE);
            assertThat(again).isDeepEqualTo(once);
            SymmetricEigen eigen = algebra().eigen(again, 5, concurrency, Monitor.NONE);
            assertThat(eigen.values()).isEqualTo(eigenOnce.values());
            assertThat(eigen.vectors()).isDeepEqualTo(eigenOnce.vectors());
            SingularValues singular =
                    algebra().singularValues(random(90, 80, 19), concurrency, Monitor.NONE);
            assertThat(singular.left()).isDeepEqualTo(singularOnce.left());
        }
    }

    @Test
    void everyOperationStopsWhenItsMonitorSaysSo() {
        double[][] square = covariance(400, 400, 1, 20);
        assertStops(m -> algebra().addScatter(square, 400, new double[400][400], 2, m));
        assertStops(m -> algebra().eigen(square, 2, 2, m));
        assertStops(m -> algebra().eigen(square, 400, 2, m));
        assertStops(m -> algebra().singularValues(square, 2, m));
        assertStops(m -> algebra().ridge(square, square, 1, 2, m));
        assertStops(m -> algebra().project(square, 400, square, 2, m));
        assertStops(m -> algebra().squaredDistances(square, square, 2, m));
    }

    private interface Operation {
        void run(Monitor monitor);
    }

    private static void assertStops(Operation operation) {
        AtomicInteger checks = new AtomicInteger();
        Monitor counting = monitor(checks, Integer.MAX_VALUE);
        operation.run(counting);
        int all = checks.get();
        assertThat(all).isPositive();
        checks.set(0);
        assertThatThrownBy(() -> operation.run(monitor(checks, all / 2)))
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
    }

    private static Monitor monitor(AtomicInteger checks, int allowed) {
        return new Monitor() {
            @Override
            public void progress(String task, long done, long total) {}

            @Override
            public void check() {
                if (checks.getAndIncrement() >= allowed) {
                    throw new CancellationException("enough");
                }
            }
        };
    }

    private static void assertEigenpairs(double[][] matrix, SymmetricEigen eigen) {
        assertOrthonormal(eigen.vectors());
        double largest = Math.max(Math.abs(eigen.values()[0]), Double.MIN_NORMAL);
        RealMatrix m = matrix(matrix);
        for (int i = 0; i < eigen.values().length; i++) {
            double[] image = m.operate(eigen.vectors()[i]);
            double entry = 0;
            for (int k = 0; k < image.length; k++) {
                double v = eigen.vectors()[i][k];
                assertThat(image[k]).isCloseTo(eigen.values()[i] * v, within(1e-12 * largest));
                entry = Math.abs(v) > Math.abs(entry) ? v : entry;
            }
            assertThat(entry).isPositive();
            if (i > 0) {
                assertThat(eigen.values()[i]).isLessThanOrEqualTo(eigen.values()[i - 1]);
            }
        }
    }

    private static void assertOrthonormal(double[][] vectors) {
        RealMatrix v = matrix(vectors);
        double[][] gram = v.multiply(v.transpose()).getData();
        for (int i = 0; i < gram.length; i++) {
            for (int j = 0; j < gram.length; j++) {
                assertThat(gram[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }

    private static RealMatrix product(SingularValues found) {
        double[][] scaled = copy(found.left());
        for (int i = 0; i < scaled.length; i++) {
            for (int k = 0; k < scaled[i].length; k++) {
                scaled[i][k] *= found.values()[i];
            }
        }
        return matrix(scaled).transpose().multiply(matrix(found.right()));
    }

    /** Covariance of correlated rows: eigenvalues that fall off as those of hidden states do. */
    private static double[][] covariance(int rows, int d, double scale, long seed) {
        double[][] covariance = new double[d][d];
        Backends.java().addScatter(states(rows, d, scale, seed), rows, covariance, 2, Monitor.NONE);
        mirror(covariance);
        return covariance;
    }

    /** The same eigenvalues from the Gram matrix of the rows, by the oracle. */
    private static double[] smallSide(int rows, int d, double scale, long seed) {
        RealMatrix states = matrix(states(rows, d, scale, seed));
        RealMatrix small =
                rows < d
                        ? states.multiply(states.transpose())
                        : states.transpose().multiply(states);
        return new EigenDecomposition(small).getRealEigenvalues();
    }

    private static double[][] states(int rows, int d, double scale, long seed) {
        double[][] states = random(rows, d, seed);
        for (double[] row : states) {
            for (int k = 0; k < d; k++) {
                row[k] *= scale / (1 + 0.1 * k);
            }
        }
        return states;
    }

    private static double[][] random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int k = 0; k < columns; k++) {
                row[k] = random.nextGaussian();
            }
        }
        return values;
    }

    private static double[][] upper(double[][] matrix) {
        double[][] upper = copy(matrix);
        for (int i = 0; i < upper.length; i++) {
            Arrays.fill(upper[i], 0, i, Double.NaN);
        }
        return upper;
    }

    private static void mirror(double[][] matrix) {
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < i; j++) {
                matrix[i][j] = matrix[j][i];
            }
        }
    }

    private static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }

    private static RealMatrix matrix(double[][] rows) {
        return new Array2DRowRealMatrix(rows, false);
    }
}
