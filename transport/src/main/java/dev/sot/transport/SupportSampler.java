package dev.sot.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns a feature's activations into a distribution with a bounded support.
 *
 * <p>A feature that fires on at most {@code maxSupport} positions keeps them all, with weights
 * {@code a_t / sum a}. Otherwise {@code n = maxSupport} draws are made by systematic sampling with
 * probability proportional to activation (Madow 1949): firings are laid end to end in descending
 * order of activation, ties in order of position, each as long as its share of the total; with one
 * offset u, uniform in (0, 1), the draws are the firings found at {@code (k + u) / n}, {@code k =
 * 0..n-1}, and a firing drawn c times gets the weight {@code c / n}. The expected weight of every
 * firing is its exact share, so weighted means stay unbiased; every n-th of the mass, from the
 * strongest activations to the weakest, is represented by exactly one draw; multiplying all
 * activations by a positive constant changes neither the draws nor the weights.
 *
 * <p>The offset depends on the seed and on the feature's key alone: the first output of SplitMix64
 * (Steele, Lea and Flood 2014) whose state is {@code mix(seed) xor fnv1a64(key in UTF-8)}. Results
 * therefore do not depend on the order in which features are sampled or on the number of threads.
 * Instances are immutable and may be shared between threads. Time {@code O(m log m)} for m firings.
 */
public final class SupportSampler {

    private final int maxSupport;
    private final long seed;

    /**
     * A sampler.
     *
     * @param maxSupport largest number of positions of a distribution, at least 1
     * @param seed chooses the random offsets
     */
    public SupportSampler(int maxSupport, long seed) {
        if (maxSupport < 1) {
            throw new IllegalArgumentException("maxSupport must be at least 1, got " + maxSupport);
        }
        this.maxSupport = maxSupport;
        this.seed = seed;
    }

    /**
     * The distribution of one feature.
     *
     * @param key identifies the feature
     * @param positions where it was recorded, strictly ascending
     * @param activations one a position, finite, not negative; 0 means that it does not fire there
     * @param excluded positions to leave out, or null for none
     * @return the distribution, or empty when the feature fires on no position that is not excluded
     * @throws IllegalArgumentException naming the feature and the position that is not allowed
     */
    public Optional<Support> sample(
            String key, int[] positions, double[] activations, BitSet excluded) {
        return Firings.of(key, positions, activations, excluded).map(this::sample);
    }

    /** The distribution of one feature; its error is not known unless it keeps all firings. */
    public Support sample(Firings firings) {
        return firings.size() <= maxSupport
                ? firings.all()
                : firings.support(
                        systematic(firings.feature(), firings.distribution()),
                        SupportMethod.SAMPLED,
                        Optional.empty());
    }

    private Distribution systematic(String key, Distribution all) {
        int[] positions = all.positions();
        double[] shares = all.weights();
        // Positions ascend, and sorting objects is stable: ties stay in order of position.
        int[] descending =
                IntStream.range(0, shares.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -shares[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double offset = offset(key);
        int[] draws = new int[shares.length];
        CompensatedSum mass = new CompensatedSum();
        int drawn = 0;
        for (int rank = 0; rank < descending.length && drawn < maxSupport; rank++) {
            mass.add(shares[descending[rank]]);
            boolean last = rank == descending.length - 1;
            double reached = mass.value();
            while (drawn < maxSupport && (last || (drawn + offset) / maxSupport < reached)) {
                draws[descending[rank]]++;
                drawn++;
            }
        }
        int[] support = IntStream.range(0, draws.length).filter(i -> draws[i] > 0).toArray();
        return new Distribution(
                Arrays.stream(support).map(i -> positions[i]).toArray(),
                Arrays.stream(support).mapToDouble(i -> (double) draws[i] / maxSupport).toArray());
    }

    private double offset(String key) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        // 52 bits and a half: never 0, never 1, exact in a double.
        return ((mix(mix(seed) ^ hash) >>> 12) + 0.5) * 0x1p-52;
    }

    private static long mix(long state) {
        long z = state + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
