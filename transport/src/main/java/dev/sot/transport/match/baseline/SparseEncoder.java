package dev.sot.transport.match.baseline;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a sparse dictionary makes of hidden states: {@code a_j = s(w_j x + b_j)} with the activation
 * function
 *
 * <ul>
 *   <li>{@code relu}: {@code s(z) = max(0, z)};
 *   <li>{@code jumprelu}: z where it is above the feature's threshold, else 0;
 *   <li>{@code topk}: relu of the k largest z of a position, 0 elsewhere; of equal ones the first.
 * </ul>
 *
 * <p>In double precision, where models run in single or less: values agree with recorded ones to
 * the precision of the recorded states. Takes states block by block, position by position. Time
 * {@code O(positions x features x dimension)}, memory {@code 8 x features x dimension} bytes and
 * what the result takes.
 */
public final class SparseEncoder {

    /** The activation function of a dictionary. */
    public enum Activation {
        RELU,
        JUMPRELU,
        TOPK
    }

    /** States that one thread encodes before the next are handed out. */
    private static final int BLOCK = 32;

    private final Products encoder;
    private final double[] bias;
    private final double[] threshold;
    private final Activation activation;
    private final int k;
    private final List<Growing> features = new ArrayList<>();

    /**
     * An encoder.
     *
     * @param encoder one vector a feature
     * @param bias one a feature, added to its product with a raw state
     * @param threshold one a feature, for jumprelu; else not looked at
     * @param activation its activation function
     * @param k features that fire at most at one position, for topk; else not looked at
     */
    public SparseEncoder(
            float[][] encoder, double[] bias, double[] threshold, Activation activation, int k) {
        this.encoder = new Products(encoder);
        this.bias = bias;
        this.threshold = threshold;
        this.activation = activation;
        this.k = k;
        for (int j = 0; j < encoder.length; j++) {
            features.add(new Growing());
        }
    }

    /** The firings of one feature so far. */
    private static final class Growing {
        private int[] positions = new int[16];
        private double[] values = new double[16];
        private int size;

        void add(int position, double value) {
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            positions[size] = position;
            values[size++] = value;
        }
    }

    /** What one position's features do. */
    private record Code(int[] features, double[] values) {}

    /**
     * Encodes the states of the positions that follow those before.
     *
     * @param first the first position
     * @param count how many
     * @param states row-major, count x dimension
     */
    public void encode(int first, int count, float[] states, int concurrency, Monitor monitor) {
        Code[] codes = new Code[count];
        int dimension = encoder.dimension();
        Workers.run(
                (count + BLOCK - 1) / BLOCK,
                concurrency,
                monitor,
                inner -> {
                    double[] z = new double[encoder.size()];
                    int[] order = new int[Math.max(1, k)];
                    return block -> {
                        int end = Math.min(count, (block + 1) * BLOCK);
                        for (int i = block * BLOCK; i < end; i++) {
                            inner.check();
                            System.arraycopy(bias, 0, z, 0, z.length);
                            encoder.add(states, i * dimension, z);
                            codes[i] = code(z, order);
                        }
                    };
                });
        for (int i = 0; i < count; i++) {
            for (int a = 0; a < codes[i].features.length; a++) {
                features.get(codes[i].features[a]).add(first + i, codes[i].values[a]);
            }
        }
    }

    private Code code(double[] z, int[] largest) {
        int[] firing = new int[activation == Activation.TOPK ? k : z.length];
        int count = 0;
        if (activation == Activation.TOPK) {
            count = largest(z, largest);
            System.arraycopy(largest, 0, firing, 0, count);
        } else {
            for (int j = 0; j < z.length; j++) {
                double least = activation == Activation.JUMPRELU ? Math.max(0, threshold[j]) : 0;
                if (z[j] > least) {
                    firing[count++] = j;
                }
            }
        }
        int[] features = Arrays.copyOf(firing, count);
        return new Code(features, Arrays.stream(features).mapToDouble(j -> z[j]).toArray());
    }

    /** Finds the k largest of the positive values, largest first; returns how many there are. */
    private int largest(double[] z, int[] largest) {
        int count = 0;
        for (int j = 0; j < z.length; j++) {
            if (!(z[j] > 0) || count == k && z[j] <= z[largest[k - 1]]) {
                continue;
            }
            int at = count < k ? count++ : k - 1;
            while (at > 0 && z[largest[at - 1]] < z[j]) {
                largest[at] = largest[at - 1];
                at--;
            }
            largest[at] = j;
        }
        return count;
    }

    /** What has been encoded. */
    public Recording recording() {
        return new Recording(
                features.stream().map(f -> Arrays.copyOf(f.positions, f.size)).toList(),
                features.stream().map(f -> Arrays.copyOf(f.values, f.size)).toList());
    }

    /**
     * The most features that fire at one position: k, where a dictionary's function is topk.
     *
     * @param positions number of positions of the corpus
     */
    public static int mostAtOnce(Recording recording, int positions) {
        int[] firing = new int[positions];
        recording.positions().forEach(p -> Arrays.stream(p).forEach(i -> firing[i]++));
        return Arrays.stream(firing).max().orElse(0);
    }

    /**
     * How well a recording repeats another one: the share of the firings of both that are in both,
     * the Jaccard index of the sets of pairs of feature and position; 1 for the same firings.
     */
    public static double repeated(Recording recorded, Recording again) {
        long both = 0;
        for (int f = 0; f < recorded.size(); f++) {
            int[] one = recorded.positions().get(f);
            int[] other = again.positions().get(f);
            for (int i = 0, j = 0; i < one.length && j < other.length; ) {
                if (one[i] == other[j]) {
                    both++;
                    i++;
                    j++;
                } else if (one[i] < other[j]) {
                    i++;
                } else {
                    j++;
                }
            }
        }
        return (double) both / (recorded.firings() + again.firings() - both);
    }
}
