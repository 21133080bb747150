package dev.sot.transport.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.match.baseline.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BarycentreIdentityTest {

    private static final int FEATURES = 24;
    private static final int DIMENSION = 16;
    private static final int POSITIONS = 200;
    private static final double LAMBDA = 0.3;

    private static Dictionary converged;

    /** A dictionary with the states that it stands for, and the residuals it leaves. */
    private record Dictionary(float[][] decoder, float[] bias, double[][] codes, float[] states) {

        Recording recording() {
            List<int[]> positions = new ArrayList<>();
            List<double[]> values = new ArrayList<>();
            for (int i = 0; i < decoder.length; i++) {
                int feature = i;
                int[] at =
                        IntStream.range(0, codes.length)
                                .filter(t -> codes[t][feature] > 0)
                                .toArray();
                positions.add(at);
                values.add(Arrays.stream(at).mapToDouble(t -> codes[t][feature]).toArray());
            }
            return new Recording(positions, values);
        }

        Dictionary with(float[][] otherDecoder) {
            return new Dictionary(otherDecoder, bias, codes, states);
        }

        double[] residual(int t) {
            double[] r = new double[DIMENSION];
            for (int k = 0; k < DIMENSION; k++) {
                r[k] = (double) states[t * DIMENSION + k] - bias[k];
                for (int i = 0; i < decoder.length; i++) {
                    r[k] -= codes[t][i] * decoder[i][k];
                }
            }
            return r;
        }

        double[] unit(int i) {
            double norm = norm(i);
            return IntStream.range(0, DIMENSION).mapToDouble(k -> decoder[i][k] / norm).toArray();
        }

        double norm(int i) {
            return Math.sqrt(
                    IntStream.range(0, DIMENSION)
                            .mapToDouble(k -> (double) decoder[i][k] * decoder[i][k])
                            .sum());
        }

        DictionaryFit fit(BitSet included, int most, int concurrency, OptionalDouble lambda) {
            BarycentreIdentity identity =
                    new BarycentreIdentity(
                            decoder, bias, recording(), included, most, concurrency, Monitor.NONE);
            // In pieces of several sizes.
            int at = 0;
            for (int size = 1; at < codes.length; size = 2 * size + 1) {
                int count = Math.min(size, codes.length - at);
                identity.add(
                        count,
                        Arrays.copyOfRange(states, at * DIMENSION, (at + count) * DIMENSION));
                at += count;
            }
            return identity.fit(lambda);
        }

        DictionaryFit fit() {
            BitSet all = new BitSet();
            all.set(0, codes.length);
            return fit(all, Integer.MAX_VALUE, 2, OptionalDouble.empty());
        }
    }

    /**
     * Random atoms of norm about 1 and random sparse codes, and to them the states whose residuals
     * are the shortest that satisfy {@code <d_i, r_t> = lambda} where i fires and {@code sum_t z_ti
     * r_t = lambda sum_t z_ti d_i}.
     */
    @BeforeAll
    static void converge() {
        Random random = new Random(1);
        float[][] decoder = new float[FEATURES][DIMENSION];
        double[][] codes = new double[POSITIONS][FEATURES];
        float[] bias = new float[DIMENSION];
        for (float[] atom : decoder) {
            double[] gaussian = random.doubles(DIMENSION, -1, 1).toArray();
            double norm = Math.sqrt(Arrays.stream(gaussian).map(v -> v * v).sum());
            for (int k = 0; k < DIMENSION; k++) {
                atom[k] = (float) (gaussian[k] / norm);
            }
        }
        for (double[] code : codes) {
            for (int a = 0; a < 3; a++) {
                code[random.nextInt(FEATURES)] = 1 + random.nextDouble();
            }
        }
        for (int k = 0; k < DIMENSION; k++) {
            bias[k] = (float) random.nextGaussian();
        }
        Dictionary drawn = new Dictionary(decoder, bias, codes, new float[0]);
        List<Row> rows = new ArrayList<>();
        List<Double> right = new ArrayList<>();
        for (int t = 0; t < POSITIONS; t++) {
            for (int i = 0; i < FEATURES; i++) {
                if (codes[t][i] > 0) {
                    rows.add(new Row(t * DIMENSION, drawn.unit(i)));
                    right.add(LAMBDA);
                }
            }
        }
        for (int i = 0; i < FEATURES; i++) {
            // Along the atom the sum follows from the constraints above.
            for (double[] across : complement(drawn.unit(i))) {
                double[] row = new double[POSITIONS * DIMENSION];
                for (int t = 0; t < POSITIONS; t++) {
                    for (int k = 0; k < DIMENSION; k++) {
                        row[t * DIMENSION + k] = codes[t][i] * across[k];
                    }
                }
                rows.add(new Row(0, row));
                right.add(0.0);
            }
        }
        double[] residuals = shortest(rows, right);
        float[] states = new float[POSITIONS * DIMENSION];
        for (int t = 0; t < POSITIONS; t++) {
            for (int k = 0; k < DIMENSION; k++) {
                double x = bias[k] + residuals[t * DIMENSION + k];
                for (int i = 0; i < FEATURES; i++) {
                    x += codes[t][i] * decoder[i][k];
                }
                states[t * DIMENSION + k] = (float) x;
            }
        }
        converged = new Dictionary(decoder, bias, codes, states);
    }

    /** An orthonormal basis of what is at right angles to a unit vector, by a reflection. */
    private static List<double[]> complement(double[] unit) {
        double sign = unit[0] > 0 ? 1 : -1;
        double[] mirror = unit.clone();
        mirror[0] += sign;
        double square = Arrays.stream(mirror).map(v -> v * v).sum();
        List<double[]> basis = new ArrayList<>();
        for (int j = 1; j < unit.length; j++) {
            double[] e = new double[unit.length];
            for (int k = 0; k < e.length; k++) {
                e[k] = (k == j ? 1 : 0) - 2 * mirror[j] * mirror[k] / square;
            }
            basis.add(e);
        }
        return basis;
    }

    /** A row of a matrix: what it has from a column on. */
    private record Row(int from, double[] values) {

        double product(Row other) {
            double product = 0;
            int begin = Math.max(from, other.from);
            int end = Math.min(from + values.length, other.from + other.values.length);
            for (int k = begin; k < end; k++) {
                product += values[k - from] * other.values[k - other.from];
            }
            return product;
        }
    }

    /** The shortest solution of {@code A x = c}: {@code A' (A A')^-1 c}. */
    private static double[] shortest(List<Row> rows, List<Double> right) {
        int n = rows.size();
        RealMatrix gram = new Array2DRowRealMatrix(n, n);
        for (int a = 0; a < n; a++) {
            for (int b = 0; b <= a; b++) {
                double product = rows.get(a).product(rows.get(b));
                gram.setEntry(a, b, product);
                gram.setEntry(b, a, product);
            }
        }
        RealVector weights =
                new CholeskyDecomposition(gram)
                        .getSolver()
                        .solve(
                                new ArrayRealVector(
                                        right.stream().mapToDouble(Double::doubleValue).toArray()));
        double[] x = new double[POSITIONS * DIMENSION];
        for (int a = 0; a < n; a++) {
            Row row = rows.get(a);
            for (int k = 0; k < row.values.length; k++) {
                x[row.from + k] += weights.getEntry(a) * row.values[k];
            }
        }
        return x;
    }

    @Test
    void aConvergedDictionarySatisfiesTheIdentity() {
        DictionaryFit fit = converged.fit();
        assertThat(fit.lambda()).isCloseTo(LAMBDA, within(1e-7));
        assertThat(fit.lambdaGiven()).isFalse();
        assertThat(fit.positions()).isEqualTo(POSITIONS);
        assertThat(fit.lookedAt()).isEqualTo(POSITIONS);
        assertThat(fit.features())
                .hasSize(FEATURES)
                .allSatisfy(
                        f -> {
                            assertThat(f.identityError()).isLessThan(1e-6);
                            assertThat(f.directionError()).isLessThanOrEqualTo(f.identityError());
                            assertThat(f.optimalityResidual()).isLessThan(1e-6);
                            assertThat(f.lambda()).isCloseTo(LAMBDA, within(1e-6));
                        });
    }

    @Test
    void aPerturbedAtomShowsUp() {
        float[][] decoder = converged.decoder().clone();
        decoder[5] = decoder[5].clone();
        decoder[5][3] += 0.1f;
        List<FeatureFit> features = converged.with(decoder).fit().features();
        assertThat(features.get(5).identityError()).isGreaterThan(1e-2);
        assertThat(features.get(5).directionError()).isGreaterThan(1e-2);
        assertThat(features.get(5).optimalityResidual()).isGreaterThan(1e-2);
        assertThat(features)
                .extracting(FeatureFit::identityError)
                .as("the worst is the one that was perturbed")
                .allMatch(error -> error <= features.get(5).identityError());
    }

    @Test
    void atomsOfAnyNormCountAsOnesOfNormOne() {
        float[][] decoder = converged.decoder().clone();
        double[][] codes =
                Arrays.stream(converged.codes()).map(double[]::clone).toArray(double[][]::new);
        for (int i = 0; i < FEATURES; i++) {
            // Powers of two, which round nothing.
            double factor = Math.scalb(1.0, i % 7 - 3);
            decoder[i] = decoder[i].clone();
            for (int k = 0; k < DIMENSION; k++) {
                decoder[i][k] *= (float) factor;
            }
            for (double[] code : codes) {
                code[i] /= factor;
            }
        }
        DictionaryFit scaled =
                new Dictionary(decoder, converged.bias(), codes, converged.states()).fit();
        DictionaryFit unit = converged.fit();
        assertThat(scaled.lambda()).isEqualTo(unit.lambda());
        assertThat(scaled.activationScale()).isEqualTo(unit.activationScale());
        for (int i = 0; i < FEATURES; i++) {
            FeatureFit one = unit.features().get(i);
            assertThat(scaled.features().get(i))
                    .isEqualTo(
                            new FeatureFit(
                                    Math.scalb(one.norm(), i % 7 - 3),
                                    one.lambda(),
                                    one.identityError(),
                                    one.directionError(),
                                    one.optimalityResidual(),
                                    one.offSupportViolation()));
        }
    }

    /** Noise on everything, a feature that never fires and an atom that is zero. */
    private static Dictionary rough() {
        Random random = new Random(2);
        float[][] decoder = new float[FEATURES][];
        for (int i = 0; i < FEATURES; i++) {
            decoder[i] = converged.decoder()[i].clone();
            for (int k = 0; k < DIMENSION; k++) {
                decoder[i][k] *= (float) (i == 7 ? 0 : 0.5 + random.nextDouble());
            }
        }
        double[][] codes =
                Arrays.stream(converged.codes()).map(double[]::clone).toArray(double[][]::new);
        for (double[] code : codes) {
            code[3] = 0;
        }
        return new Dictionary(decoder, converged.bias(), codes, converged.states());
    }

    @Test
    void everyFigureIsWhatItsDefinitionSays() {
        Dictionary rough = rough();
        BitSet included = new BitSet();
        included.set(0, POSITIONS);
        included.clear(17);
        included.clear(100, 103);
        double lambda = 0.2;
        DictionaryFit fit = rough.fit(included, Integer.MAX_VALUE, 1, OptionalDouble.of(lambda));
        double activations = 0;
        double squares = 0;
        long firings = 0;
        for (int t = 0; t < POSITIONS; t++) {
            for (int i = 0; i < FEATURES && included.get(t); i++) {
                double z = rough.codes()[t][i] * rough.norm(i);
                activations += z;
                squares += z * z;
                firings += z > 0 ? 1 : 0;
            }
        }
        assertThat(activations).isPositive();
        double scale = Math.sqrt(squares / firings);
        assertThat(fit.activationScale()).isCloseTo(scale, within(1e-12));
        assertThat(fit.positions()).isEqualTo(POSITIONS - 4);
        assertThat(fit.lambda()).isEqualTo(lambda);
        for (int i = 0; i < FEATURES; i++) {
            FeatureFit found = fit.features().get(i);
            assertThat(found.norm()).isCloseTo(rough.norm(i), within(1e-12));
            if (i == 7) {
                assertThat(found.lambda()).isNaN();
                assertThat(found.offSupportViolation()).isNaN();
                continue;
            }
            double[] atom = rough.unit(i);
            RealVector weighted = new ArrayRealVector(DIMENSION);
            RealVector state = new ArrayRealVector(DIMENSION);
            double sum = 0;
            double square = 0;
            double residual = 0;
            double elsewhere = 0;
            for (int t = included.nextSetBit(0); t >= 0; t = included.nextSetBit(t + 1)) {
                double[] r = rough.residual(t);
                double beyond =
                        new ArrayRealVector(atom).dotProduct(new ArrayRealVector(r)) - lambda;
                double z = rough.codes()[t][i] * rough.norm(i);
                if (z == 0) {
                    elsewhere = Math.max(elsewhere, beyond);
                    continue;
                }
                sum += z;
                square += z * z;
                residual += beyond * beyond;
                for (int k = 0; k < DIMENSION; k++) {
                    weighted.addToEntry(k, z * r[k]);
                    state.addToEntry(
                            k, z * ((double) rough.states()[t * DIMENSION + k] - rough.bias()[k]));
                }
            }
            assertThat(found.offSupportViolation()).isCloseTo(elsewhere / scale, within(1e-12));
            if (i == 3) {
                assertThat(found.identityError()).isNaN();
                continue;
            }
            RealVector rho = weighted.mapDivide(sum);
            double own = rho.dotProduct(new ArrayRealVector(atom));
            double length = state.mapDivide(sum).getNorm();
            assertThat(found.lambda()).isCloseTo(own, within(1e-12));
            assertThat(found.identityError())
                    .isCloseTo(
                            rho.subtract(new ArrayRealVector(atom).mapMultiply(lambda)).getNorm()
                                    / length,
                            within(1e-12));
            assertThat(found.directionError())
                    .isCloseTo(
                            rho.subtract(new ArrayRealVector(atom).mapMultiply(own)).getNorm()
                                    / length,
                            within(1e-12));
            assertThat(found.optimalityResidual())
                    .isCloseTo(Math.sqrt(residual / square), within(1e-12));
        }
    }

    @Test
    void theShareOfVarianceUnexplainedIsThatOfTheResiduals() {
        Dictionary rough = rough();
        double residual = 0;
        double variation = 0;
        for (int k = 0; k < DIMENSION; k++) {
            double mean = 0;
            for (int t = 0; t < POSITIONS; t++) {
                mean += rough.states()[t * DIMENSION + k] / (double) POSITIONS;
            }
            for (int t = 0; t < POSITIONS; t++) {
                residual += Math.pow(rough.residual(t)[k], 2);
                variation += Math.pow(rough.states()[t * DIMENSION + k] - mean, 2);
            }
        }
        assertThat(rough.fit().unexplained()).isCloseTo(residual / variation, within(1e-12));
    }

    @Test
    void positionsLookedAtAreEvenlySpread() {
        BitSet included = new BitSet();
        included.set(10, 110);
        DictionaryFit some = rough().fit(included, 20, 1, OptionalDouble.empty());
        DictionaryFit all = rough().fit(included, 1000, 1, OptionalDouble.empty());
        assertThat(some.lookedAt()).isEqualTo(20);
        assertThat(all.lookedAt()).isEqualTo(100);
        for (int i = 0; i < FEATURES; i++) {
            FeatureFit one = some.features().get(i);
            FeatureFit other = all.features().get(i);
            assertThat(Double.compare(one.identityError(), other.identityError())).isZero();
            assertThat(one.offSupportViolation() > other.offSupportViolation()).isFalse();
        }
    }

    @Test
    void resultsDoNotDependOnConcurrency() {
        BitSet included = new BitSet();
        included.set(0, POSITIONS);
        assertThat(rough().fit(included, 50, 1, OptionalDouble.empty()))
                .isEqualTo(rough().fit(included, 50, 5, OptionalDouble.empty()));
    }

    @Test
    void aMonitorStopsIt() {
        Monitor stopping =
                new Monitor() {
                    private int left = FEATURES + 50;

                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public synchronized void check() {
                        if (left-- == 0) {
                            throw new CancellationException("stop");
                        }
                    }
                };
        BitSet included = new BitSet();
        included.set(0, POSITIONS);
        BarycentreIdentity identity =
                new BarycentreIdentity(
                        converged.decoder(),
                        converged.bias(),
                        converged.recording(),
                        included,
                        100,
                        2,
                        stopping);
        identity.add(POSITIONS, converged.states());
        assertThatThrownBy(() -> identity.fit(OptionalDouble.empty()))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void activityCountsWhatIsExcluded() {
        BitSet excluded = new BitSet();
        excluded.set(4);
        assertThat(
                        FeatureActivity.of(
                                new int[] {1, 4, 7},
                                new double[] {1e200, 4e200, 1e200},
                                excluded,
                                10))
                .isEqualTo(new FeatureActivity(3, 1, 0.3, 2));
        assertThat(FeatureActivity.of(new int[0], new double[0], excluded, 10))
                .isEqualTo(new FeatureActivity(0, 0, 0, 0));
    }
}
