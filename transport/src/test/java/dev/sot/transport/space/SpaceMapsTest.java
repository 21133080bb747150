package dev.sot.transport.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;

/** Maps of layers to a reference layer, against planted ones. */
class SpaceMapsTest {

    private static final LinearAlgebra ALGEBRA = Backends.java();
    private static final int ROWS = 400;

    private final Random random = new Random(50);

    @Test
    void ridgeRecoversAPlantedAffineMap() {
        double[][] planted = gaussian(3, 6);
        float[][] states = states(ROWS, 6);
        float[][] points = new float[ROWS][3];
        for (int i = 0; i < ROWS; i++) {
            for (int r = 0; r < 3; r++) {
                double value = 5 - r;
                for (int k = 0; k < 6; k++) {
                    value += planted[r][k] * states[i][k];
                }
                points[i][r] = (float) value;
            }
        }
        RidgeMap ridge =
                RidgeMap.chosen(
                        pairs(states, points, 0, 300),
                        pairs(states, points, 300, ROWS),
                        6,
                        ALGEBRA,
                        2,
                        Monitor.NONE);
        assertThat(ridge.penalty()).isEqualTo(1e-6);
        float[] mapped = ridge.map().apply(flat(states), ROWS, ALGEBRA, 2, Monitor.NONE);
        assertThat(mapped).containsExactly(flat(points), within(1e-3f));
        assertThat(alignment(flat(points), mapped, 3).r2()).isCloseTo(1, within(1e-6));
    }

    @Test
    void ridgeIsTheSolutionOfItsNormalEquations() {
        float[][] states = states(50, 4);
        float[][] points = states(50, 2);
        AffineMap map =
                RidgeMap.of(pairs(states, points, 0, 50), 4, 0.3, ALGEBRA, 1, Monitor.NONE).map();
        RealMatrix x = centred(states);
        RealMatrix y = centred(points);
        RealMatrix gram = x.transpose().multiply(x);
        double lambda = 0.3 * gram.getTrace() / 4;
        for (int k = 0; k < 4; k++) {
            gram.addToEntry(k, k, lambda);
        }
        RealMatrix expected =
                new QRDecomposition(gram).getSolver().solve(x.transpose().multiply(y)).transpose();
        for (int r = 0; r < 2; r++) {
            assertThat(map.directions()[r]).containsExactly(expected.getRow(r), within(1e-9));
        }
    }

    @Test
    void ridgeChoosesALargePenaltyWhereThereIsOnlyNoise() {
        float[][] states = states(60, 30);
        float[][] points = new float[60][2];
        for (float[] point : points) {
            point[0] = (float) random.nextGaussian();
            point[1] = (float) random.nextGaussian();
        }
        RidgeMap ridge =
                RidgeMap.chosen(
                        pairs(states, points, 0, 40),
                        pairs(states, points, 40, 60),
                        30,
                        ALGEBRA,
                        1,
                        Monitor.NONE);
        assertThat(ridge.penalty()).isEqualTo(1.0);
    }

    @Test
    void procrustesRecoversAPlantedRotation() {
        float[][] reference = states(ROWS, 7);
        double[][] rotation = rotation(7);
        float[][] states = new float[ROWS][7];
        for (int i = 0; i < ROWS; i++) {
            for (int k = 0; k < 7; k++) {
                double value = 3 * k;
                for (int j = 0; j < 7; j++) {
                    value += 0.2 * rotation[k][j] * reference[i][j];
                }
                states[i][k] = (float) value;
            }
        }
        for (boolean whitened : new boolean[] {false, true}) {
            PrincipalSpace space =
                    PrincipalSpace.of(
                            moments(reference, ROWS), 4, whitened, ALGEBRA, 1, Monitor.NONE);
            AffineMap map =
                    ProcrustesMap.of(
                            pairs(states, reference, 0, ROWS), 7, space, ALGEBRA, 2, Monitor.NONE);
            float[] expected = space.project(flat(reference), ROWS, ALGEBRA, 1, Monitor.NONE);
            float[] mapped = map.apply(flat(states), ROWS, ALGEBRA, 1, Monitor.NONE);
            assertThat(mapped).containsExactly(expected, within(1e-3f));
            assertThat(alignment(expected, mapped, 4).retrieval()).isEqualTo(1);
        }
    }

    @Test
    void procrustesKeepsDistancesUpToTheScaleOfTheLayers() {
        float[][] states = states(ROWS, 5);
        float[][] reference = states(ROWS, 5);
        PrincipalSpace space =
                PrincipalSpace.of(moments(reference, ROWS), 5, false, ALGEBRA, 1, Monitor.NONE);
        AffineMap map =
                ProcrustesMap.of(
                        pairs(states, reference, 0, ROWS), 5, space, ALGEBRA, 1, Monitor.NONE);
        float[] mapped = map.apply(flat(states), ROWS, ALGEBRA, 1, Monitor.NONE);
        double scale =
                Math.sqrt(moments(reference, ROWS).squares() / moments(states, ROWS).squares());
        for (int i = 1; i < 20; i++) {
            assertThat(distance(mapped, 0, i, 5))
                    .isCloseTo(scale * distance(flat(states), 0, i, 5), within(1e-3));
        }
    }

    @Test
    void alignmentTellsNoiseFromPlaces() {
        float[] reference = flat(states(ROWS, 3));
        assertThat(alignment(reference, reference, 3)).isEqualTo(new Alignment(1, 1));
        float[] mean = new float[reference.length];
        for (int i = 0; i < reference.length; i++) {
            for (int j = i % 3; j < reference.length; j += 3) {
                mean[i] += reference[j] / ROWS;
            }
        }
        Alignment none = alignment(reference, mean, 3);
        assertThat(none.r2()).isCloseTo(0, within(1e-4));
        assertThat(none.retrieval()).isLessThan(0.02);
    }

    @Test
    void logitsAreAsFarApartAsTheirVectors() {
        int vocabulary = 40;
        int hidden = 6;
        double[][] unembedding = gaussian(vocabulary, hidden);
        Moments rows = moments(hidden);
        for (double[] row : unembedding) {
            float[] narrow = new float[hidden];
            for (int k = 0; k < hidden; k++) {
                narrow[k] = (float) row[k];
            }
            rows.add(narrow, 0);
        }
        float[][] factor = LogitLens.factor(rows, ALGEBRA, 1, Monitor.NONE);
        float[][] states = states(30, hidden);
        for (LogitLens.Normalisation normalisation : LogitLens.Normalisation.values()) {
            LogitLens lens = new LogitLens(factor, normalisation, 1e-5);
            float[] vectors = lens.apply(flat(states), 30, ALGEBRA, 2, Monitor.NONE);
            double[][] logits = new double[30][];
            for (int i = 0; i < 30; i++) {
                logits[i] = logits(unembedding, states[i], normalisation);
            }
            for (int i = 1; i < 30; i++) {
                double square = 0;
                for (int v = 0; v < vocabulary; v++) {
                    square += Math.pow(logits[i][v] - logits[0][v], 2);
                }
                assertThat(distance(vectors, 0, i, lens.dimension()))
                        .isCloseTo(Math.sqrt(square), within(1e-4 * (1 + Math.sqrt(square))));
            }
        }
    }

    /** By definition, less their mean. */
    private static double[] logits(
            double[][] unembedding, float[] state, LogitLens.Normalisation normalisation) {
        int d = state.length;
        double[] h = new double[d];
        double mean = 0;
        for (int k = 0; k < d; k++) {
            h[k] = state[k];
            mean += h[k] / d;
        }
        double square = 0;
        for (int k = 0; k < d; k++) {
            h[k] -= normalisation == LogitLens.Normalisation.LAYER ? mean : 0;
            square += h[k] * h[k] / d;
        }
        double[] logits = new double[unembedding.length];
        double average = 0;
        for (int v = 0; v < logits.length; v++) {
            for (int k = 0; k < d; k++) {
                logits[v] +=
                        unembedding[v][k]
                                * h[k]
                                / (normalisation == LogitLens.Normalisation.NONE
                                        ? 1
                                        : Math.sqrt(square + 1e-5));
            }
            average += logits[v] / logits.length;
        }
        for (int v = 0; v < logits.length; v++) {
            logits[v] -= average;
        }
        return logits;
    }

    @Test
    void anUnembeddingOfFewTokensHasFewDirections() {
        Moments rows = moments(9);
        for (int i = 0; i < 4; i++) {
            rows.add(states(1, 9)[0], 0);
        }
        assertThat(LogitLens.factor(rows, ALGEBRA, 1, Monitor.NONE)).hasNumberOfRows(3);
        Moments same = moments(2);
        same.add(new float[] {1, 2}, 0);
        same.add(new float[] {1, 2}, 0);
        assertThatThrownBy(() -> LogitLens.factor(same, ALGEBRA, 1, Monitor.NONE))
                .hasMessageContaining("2 rows of the unembedding are equal");
    }

    @Test
    void principalAnglesOfAHandMadeCase() {
        for (double degrees : new double[] {0, 1e-7, 30, 60, 90}) {
            double radians = Math.toRadians(degrees);
            double[][] span = {{1, 0, 0, 0}, {0, Math.cos(radians), Math.sin(radians), 0}};
            double[][] other = {{1, 0, 0, 0}, {0, 1, 0, 0}};
            assertThat(Departure.largestAngle(span, other, ALGEBRA, 1, Monitor.NONE))
                    .isCloseTo(degrees, within(1e-9));
            assertThat(
                            Departure.largestAngle(
                                    new double[][] {span[1]}, other, ALGEBRA, 1, Monitor.NONE))
                    .isCloseTo(degrees, within(1e-9));
        }
        assertThatThrownBy(
                        () ->
                                Departure.largestAngle(
                                        new double[2][3], new double[1][3], ALGEBRA, 1, null))
                .hasMessageContaining("2 directions");
    }

    @Test
    void principalAnglesAreThoseOfCommonsMath() {
        double[][] span = transpose(orthonormal(8, 3));
        double[][] other = transpose(orthonormal(8, 4));
        double[] cosines =
                new SingularValueDecomposition(
                                new Array2DRowRealMatrix(span)
                                        .multiply(new Array2DRowRealMatrix(other).transpose()))
                        .getSingularValues();
        assertThat(Departure.largestAngle(span, other, ALGEBRA, 2, Monitor.NONE))
                .isCloseTo(Math.toDegrees(Math.acos(cosines[2])), within(1e-9));
    }

    @Test
    void statesInOtherDirectionsLeaveTheSpace() {
        float[][] here = new float[ROWS][4];
        float[][] there = new float[ROWS][4];
        for (int i = 0; i < ROWS; i++) {
            for (int k = 0; k < 4; k++) {
                here[i][k] = (float) (random.nextGaussian() * (k < 2 ? 1 : 0.1));
                there[i][k] = (float) (random.nextGaussian() * (k > 0 && k < 3 ? 1 : 0.1));
            }
        }
        PrincipalSpace space =
                PrincipalSpace.of(moments(here, ROWS), 2, true, ALGEBRA, 1, Monitor.NONE);
        Departure same = Departure.of(space, moments(here, ROWS), ALGEBRA, 1, Monitor.NONE);
        assertThat(same.angle()).isCloseTo(0, within(1e-6));
        assertThat(same.coverage()).isCloseTo(1, within(1e-12));
        Departure other = Departure.of(space, moments(there, ROWS), ALGEBRA, 1, Monitor.NONE);
        assertThat(other.angle()).isGreaterThan(80);
        assertThat(other.coverage()).isBetween(0.4, 0.6);
    }

    @Test
    void momentsOfPartsAreThoseOfTheWhole() {
        float[][] states = states(700, 5);
        Moments whole = moments(states, 700);
        Moments parts = moments(5);
        for (int part = 0; part < 3; part++) {
            Moments of = moments(5);
            for (int i = part; i < 700; i += 3) {
                of.add(states[i], 0);
            }
            parts.add(of);
        }
        parts.add(moments(5));
        assertThat(parts.count()).isEqualTo(700);
        assertThat(parts.mean()).containsExactly(whole.mean(), within(1e-12));
        RealMatrix covariance = new Covariance(centred(states)).getCovarianceMatrix();
        for (int i = 0; i < 5; i++) {
            for (int j = i; j < 5; j++) {
                assertThat(parts.scatter()[i][j] / 699)
                        .isCloseTo(covariance.getEntry(i, j), within(1e-9));
            }
        }
    }

    private static Alignment alignment(float[] reference, float[] mapped, int dimension) {
        return Alignment.of(reference, mapped, dimension, ALGEBRA, 2, Monitor.NONE);
    }

    private static double distance(float[] rows, int i, int j, int dimension) {
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
            sum += Math.pow((double) rows[i * dimension + k] - rows[j * dimension + k], 2);
        }
        return Math.sqrt(sum);
    }

    private static Moments moments(int dimension) {
        return new Moments(dimension, ALGEBRA, 2, Monitor.NONE);
    }

    private static Moments moments(float[][] rows, int count) {
        Moments moments = moments(rows[0].length);
        for (int i = 0; i < count; i++) {
            moments.add(rows[i], 0);
        }
        return moments;
    }

    private static Moments pairs(float[][] x, float[][] y, int from, int to) {
        Moments moments = moments(x[0].length + y[0].length);
        for (int i = from; i < to; i++) {
            moments.add(flat(new float[][] {x[i], y[i]}), 0);
        }
        return moments;
    }

    private static float[] flat(float[][] rows) {
        int length = 0;
        for (float[] row : rows) {
            length += row.length;
        }
        float[] flat = new float[length];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, flat, at, row.length);
            at += row.length;
        }
        return flat;
    }

    private static RealMatrix centred(float[][] rows) {
        RealMatrix matrix = new Array2DRowRealMatrix(rows.length, rows[0].length);
        for (int k = 0; k < rows[0].length; k++) {
            double mean = 0;
            for (float[] row : rows) {
                mean += row[k] / (double) rows.length;
            }
            for (int i = 0; i < rows.length; i++) {
                matrix.setEntry(i, k, rows[i][k] - mean);
            }
        }
        return matrix;
    }

    /** Correlated states about a mean. */
    private float[][] states(int rows, int dimension) {
        double[][] mixing = gaussian(dimension, dimension);
        float[][] states = new float[rows][dimension];
        for (float[] state : states) {
            double[] latent = gaussian(1, dimension)[0];
            for (int i = 0; i < dimension; i++) {
                double value = i;
                for (int k = 0; k < dimension; k++) {
                    value += mixing[i][k] * latent[k];
                }
                state[i] = (float) value;
            }
        }
        return states;
    }

    private double[][] gaussian(int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int k = 0; k < columns; k++) {
                row[k] = random.nextGaussian();
            }
        }
        return matrix;
    }

    private double[][] rotation(int d) {
        return orthonormal(d, d);
    }

    private double[][] orthonormal(int d, int columns) {
        return new QRDecomposition(new Array2DRowRealMatrix(gaussian(d, columns)))
                .getQ()
                .getSubMatrix(0, d - 1, 0, columns - 1)
                .getData();
    }

    private static double[][] transpose(double[][] matrix) {
        return new Array2DRowRealMatrix(matrix).transpose().getData();
    }
}
