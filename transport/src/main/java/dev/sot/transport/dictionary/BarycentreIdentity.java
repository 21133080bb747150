package dev.sot.transport.dictionary;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import dev.sot.transport.match.baseline.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;

/**
 * Tests the conditions that an optimal sparse dictionary satisfies.
 *
 * <p>For atoms {@code d_i} of norm 1, codes {@code z >= 0}, a bias b and the loss {@code 1/2 |x - b
 * - Dz|^2 + lambda sum z}, let {@code r = x - b - Dz}. Where codes are optimal, {@code <d_i, r> =
 * lambda} wherever {@code z_i > 0} and {@code <d_i, r> <= lambda} elsewhere. Where atoms are
 * optimal among those of norm 1, {@code E[z_i r]} is a multiple of {@code d_i}. Together
 *
 * <pre>
 * rho_i = E[z_i r] / E[z_i] = lambda d_i,
 * E[z_i x] / E[z_i] = b + lambda d_i + sum_j (E[z_i z_j] / E[z_i]) d_j,
 * </pre>
 *
 * the barycentre identity: its left side is the mean of the feature's distribution over the
 * dictionary's own states. It needs no code that is optimal position by position. If {@code z_i} is
 * what an encoder makes, {@code <w_i, x> + c_i} where positive, then the loss does not change to
 * first order when {@code (w_i, c_i)} is scaled, which says {@code E[z_i (<d_i, r> - lambda)] = 0}.
 * So a trained encoder satisfies the identity too, with the lambda of its loss, and with 0 where
 * the loss has no such term, as that of top-k and of penalties that count firings; only the
 * residuals at single positions stay.
 *
 * <p>Atoms of another norm n count as atoms of norm 1 with activations n times as large; neither
 * the residual nor anything here depends on how a dictionary shares the two. Where norms are free
 * and the loss has {@code lambda sum z_i n_i}, the same conditions hold.
 *
 * <p>States come block by block. Residuals are computed position by position, sums feature by
 * feature in the order of positions, all in double precision: the same bytes at any concurrency.
 * With F features, dimension d and N firings: time {@code O(N d)}, and {@code O(F d)} for each
 * position that is looked at for features that do not fire; memory {@link #bytes}.
 */
public final class BarycentreIdentity {

    /** Values of residuals that are held together. */
    private static final int BLOCK_VALUES = 1 << 21;

    /** Most positions that are held together. */
    private static final int MAX_BLOCK = 4096;

    /** Bytes of one position's code: 250 firings, which is more than dictionaries have. */
    private static final long BYTES_PER_CODE = 3000;

    /** Multiplications that take some 10 seconds. */
    private static final long AFFORDABLE = 20_000_000_000L;

    /** Positions or features that one thread takes at a time. */
    private static final int CHUNK = 32;

    private final float[][] decoder;
    private final float[] bias;
    private final Recording recording;
    private final BitSet included;
    private final BitSet looked;
    private final int dimension;
    private final int concurrency;
    private final Monitor monitor;
    private final double[] norm;
    private final int[] next;
    private final Sums[] sums;
    private final double[] statesMean;
    private final float[] waiting;
    private int waitingCount;
    private int begun;
    private double statesVariation;
    private double residualVariation;
    private long positions;

    /** Running sums of one feature. */
    private static final class Sums {
        private final double[] residual;
        private final double[] state;
        private long firings;
        private double activation;
        private double squares;
        private double projection;
        private double meanProjection;
        private double spread;
        private double largestElsewhere = Double.NEGATIVE_INFINITY;

        Sums(int dimension) {
            residual = new double[dimension];
            state = new double[dimension];
        }
    }

    /**
     * A test of nothing yet.
     *
     * @param decoder one vector of length d a feature, of any norm
     * @param bias of length d
     * @param recording the features' activations; positions that are not included do not count
     * @param included positions that count
     * @param most positions, spread evenly over those included, at which features that do not fire
     *     are looked at
     */
    public BarycentreIdentity(
            float[][] decoder,
            float[] bias,
            Recording recording,
            BitSet included,
            int most,
            int concurrency,
            Monitor monitor) {
        if (decoder.length != recording.size()) {
            throw new IllegalArgumentException(
                    decoder.length + " decoder vectors for " + recording.size() + " features");
        }
        this.decoder = decoder;
        this.bias = bias;
        this.recording = recording;
        this.included = included;
        this.looked = evenly(included, most);
        this.dimension = bias.length;
        this.concurrency = concurrency;
        this.monitor = monitor;
        this.norm = new double[decoder.length];
        this.next = new int[decoder.length];
        this.sums = new Sums[decoder.length];
        for (int i = 0; i < decoder.length; i++) {
            monitor.check();
            if (decoder[i].length != dimension) {
                throw new IllegalArgumentException(
                        "decoder vector " + i + " is not as long as the bias");
            }
            norm[i] = norm(decoder[i]);
            sums[i] = new Sums(dimension);
        }
        this.statesMean = new double[dimension];
        this.waiting =
                new float[dimension * Math.max(1, Math.min(MAX_BLOCK, BLOCK_VALUES / dimension))];
    }

    /**
     * Bytes of heap that it takes, beside what it is given.
     *
     * @param features F
     * @param dimension d
     */
    public static long bytes(long features, long dimension) {
        return 16 * features * dimension
                + 150 * features
                + (2L * Double.BYTES + Float.BYTES) * (BLOCK_VALUES + dimension)
                + BYTES_PER_CODE * MAX_BLOCK;
    }

    /** Some of the positions, evenly spread; all where they are not more. */
    private static BitSet evenly(BitSet all, int most) {
        int count = all.cardinality();
        if (count <= most) {
            return all;
        }
        BitSet chosen = new BitSet();
        int rank = 0;
        long taken = 0;
        for (int p = all.nextSetBit(0); p >= 0; p = all.nextSetBit(p + 1), rank++) {
            // The middle of each of the equal parts.
            if (taken < most && rank == (2 * taken + 1) * count / (2L * most)) {
                chosen.set(p);
                taken++;
            }
        }
        return chosen;
    }

    /**
     * Positions for which looking at every feature takes a moment: some 10 seconds of one thread,
     * or at least a thousand positions.
     */
    public static int affordable(long features, long dimension) {
        return (int)
                Math.max(1000, Math.min(Integer.MAX_VALUE, AFFORDABLE / (features * dimension)));
    }

    /**
     * Adds the states of the positions that follow those before.
     *
     * @param count how many
     * @param states row-major, count x d, from the start of the array
     */
    public void add(int count, float[] states) {
        for (int from = 0; from < count; ) {
            int size = Math.min(count - from, waiting.length / dimension - waitingCount);
            System.arraycopy(
                    states, from * dimension, waiting, waitingCount * dimension, size * dimension);
            from += size;
            waitingCount += size;
            if (waitingCount == waiting.length / dimension) {
                addWaiting();
            }
        }
    }

    /** What one position's features do. */
    private record Code(int[] features, double[] values) {}

    private void addWaiting() {
        monitor.check();
        int first = begun;
        int count = waitingCount;
        int[] begin = next.clone();
        Code[] codes = codes(first, count);
        double[][] centred = new double[count][];
        double[][] residual = new double[count][];
        run(
                count,
                p -> {
                    if (included.get(first + p)) {
                        centred[p] = centred(p * dimension);
                        residual[p] = residual(centred[p], codes[p]);
                    }
                });
        vary(residual);
        BitSet lookedHere = looked.get(first, first + count);
        run(
                decoder.length,
                i -> {
                    if (norm[i] > 0) {
                        addFirings(i, begin[i], first, centred, residual);
                        lookElsewhere(i, begin[i], first, lookedHere, residual);
                    }
                });
        begun += count;
        waitingCount = 0;
    }

    /** Adds the firings of a feature from one on. */
    private void addFirings(
            int feature, int from, int first, double[][] centred, double[][] residual) {
        int[] positions = recording.positions().get(feature);
        for (int k = from; k < next[feature]; k++) {
            int p = positions[k] - first;
            if (residual[p] != null) {
                addFiring(feature, recording.values().get(feature)[k], centred[p], residual[p]);
            }
        }
    }

    /** Looks at a feature where it does not fire. */
    private void lookElsewhere(
            int feature, int from, int first, BitSet lookedHere, double[][] residual) {
        int[] positions = recording.positions().get(feature);
        double largest = sums[feature].largestElsewhere;
        int k = from;
        for (int p = lookedHere.nextSetBit(0); p >= 0; p = lookedHere.nextSetBit(p + 1)) {
            while (k < next[feature] && positions[k] < first + p) {
                k++;
            }
            if (k == next[feature] || positions[k] != first + p) {
                largest = Math.max(largest, product(decoder[feature], residual[p]) / norm[feature]);
            }
        }
        sums[feature].largestElsewhere = largest;
    }

    private void run(int tasks, IntConsumer task) {
        Workers.run(
                (tasks + CHUNK - 1) / CHUNK,
                concurrency,
                monitor,
                inner ->
                        chunk -> {
                            int end = Math.min(tasks, (chunk + 1) * CHUNK);
                            for (int t = chunk * CHUNK; t < end; t++) {
                                inner.check();
                                task.accept(t);
                            }
                        });
    }

    /** Turns the firings at some positions over: position by position, features ascending. */
    private Code[] codes(int first, int count) {
        int[] size = new int[count];
        for (int i = 0; i < next.length; i++) {
            int[] at = recording.positions().get(i);
            int k = next[i];
            while (k < at.length && at[k] < first + count) {
                size[at[k++] - first]++;
            }
        }
        Code[] codes = new Code[count];
        for (int p = 0; p < count; p++) {
            codes[p] = new Code(new int[size[p]], new double[size[p]]);
        }
        Arrays.fill(size, 0);
        for (int i = 0; i < next.length; i++) {
            int[] at = recording.positions().get(i);
            double[] values = recording.values().get(i);
            while (next[i] < at.length && at[next[i]] < first + count) {
                int p = at[next[i]] - first;
                codes[p].features[size[p]] = i;
                codes[p].values[size[p]++] = values[next[i]++];
            }
        }
        return codes;
    }

    private double[] centred(int from) {
        double[] centred = new double[dimension];
        for (int k = 0; k < dimension; k++) {
            centred[k] = (double) waiting[from + k] - bias[k];
        }
        return centred;
    }

    private double[] residual(double[] centred, Code code) {
        double[] residual = centred.clone();
        for (int a = 0; a < code.features.length; a++) {
            float[] atom = decoder[code.features[a]];
            double value = code.values[a];
            for (int k = 0; k < dimension; k++) {
                residual[k] -= value * atom[k];
            }
        }
        return residual;
    }

    /** Counts states and residuals among those whose variation is compared. */
    private void vary(double[][] residual) {
        for (int p = 0; p < residual.length; p++) {
            if (residual[p] == null) {
                continue;
            }
            positions++;
            residualVariation += product(residual[p], residual[p]);
            for (int k = 0; k < dimension; k++) {
                double x = waiting[p * dimension + k];
                double step = x - statesMean[k];
                statesMean[k] += step / positions;
                statesVariation += step * (x - statesMean[k]);
            }
        }
    }

    private void addFiring(int feature, double value, double[] centred, double[] residual) {
        Sums of = sums[feature];
        double z = value * norm[feature];
        double projection = product(decoder[feature], residual) / norm[feature];
        of.firings++;
        of.activation += z;
        of.squares += z * z;
        of.projection += z * projection;
        double step = projection - of.meanProjection;
        of.meanProjection += step / of.firings;
        of.spread += step * (projection - of.meanProjection);
        for (int k = 0; k < dimension; k++) {
            of.residual[k] += z * residual[k];
            of.state[k] += z * centred[k];
        }
    }

    /**
     * What the states added so far tell.
     *
     * @param given the multiplier of all features, if it is known
     */
    public DictionaryFit fit(OptionalDouble given) {
        addWaiting();
        double activation = 0;
        double projection = 0;
        double squares = 0;
        long firings = 0;
        for (Sums of : sums) {
            activation += of.activation;
            projection += of.projection;
            squares += of.squares;
            firings += of.firings;
        }
        double lambda = given.orElse(projection / activation);
        double scale = Math.sqrt(squares / firings);
        List<FeatureFit> features = new ArrayList<>(sums.length);
        for (int i = 0; i < sums.length; i++) {
            monitor.check();
            features.add(feature(i, lambda, scale));
        }
        return new DictionaryFit(
                features,
                lambda,
                given.isPresent(),
                positions,
                looked.cardinality(),
                scale,
                statesVariation > 0 ? residualVariation / statesVariation : Double.NaN);
    }

    private FeatureFit feature(int i, double lambda, double scale) {
        Sums of = sums[i];
        double elsewhere =
                of.largestElsewhere == Double.NEGATIVE_INFINITY
                        ? Double.NaN
                        : Math.max(0, of.largestElsewhere - lambda) / scale;
        if (of.firings == 0) {
            return new FeatureFit(
                    norm[i], Double.NaN, Double.NaN, Double.NaN, Double.NaN, elsewhere);
        }
        double own = of.projection / of.activation;
        double error = 0;
        double across = 0;
        double barycentre = 0;
        for (int k = 0; k < dimension; k++) {
            double atom = decoder[i][k] / norm[i];
            double rho = of.residual[k] / of.activation;
            double state = of.state[k] / of.activation;
            error += (rho - lambda * atom) * (rho - lambda * atom);
            across += (rho - own * atom) * (rho - own * atom);
            barycentre += state * state;
        }
        double beside = of.meanProjection - lambda;
        return new FeatureFit(
                norm[i],
                own,
                Math.sqrt(error / barycentre),
                Math.sqrt(across / barycentre),
                Math.sqrt((of.spread + of.firings * beside * beside) / of.squares),
                elsewhere);
    }

    /** The Euclidean norm of an atom. */
    public static double norm(float[] atom) {
        double sum = 0;
        for (float value : atom) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static double product(double[] x, double[] y) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += x[k] * y[k];
        }
        return sum;
    }

    /** Four sums, so that one addition need not wait for the one before. */
    private static double product(float[] x, double[] y) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 3 < x.length; k += 4) {
            s0 += x[k] * y[k];
            s1 += x[k + 1] * y[k + 1];
            s2 += x[k + 2] * y[k + 2];
            s3 += x[k + 3] * y[k + 3];
        }
        for (; k < x.length; k++) {
            s0 += x[k] * y[k];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
