package dev.sot.transport.match.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What the features of a family do on a corpus: where each fires, and how strongly. Immutable;
 * arrays are not copied and must not be changed.
 *
 * @param positions for each feature the positions on which it fires, strictly ascending
 * @param values for each feature its activations there, positive
 */
public record Recording(List<int[]> positions, List<double[]> values) {

    /** Checks that there is an activation a firing. */
    public Recording {
        if (positions.size() != values.size()) {
            throw new IllegalArgumentException(
                    positions.size() + " features have positions, " + values.size() + " values");
        }
        for (int f = 0; f < positions.size(); f++) {
            if (positions.get(f).length != values.get(f).length) {
                throw new IllegalArgumentException(
                        "feature "
                                + f
                                + " has "
                                + positions.get(f).length
                                + " positions and "
                                + values.get(f).length
                                + " values");
            }
        }
    }

    /** The number of features. */
    public int size() {
        return positions.size();
    }

    /** The number of positions on which a feature fires. */
    public int firings(int feature) {
        return positions.get(feature).length;
    }

    /** The firings of all features. */
    public long firings() {
        return positions.stream().mapToLong(p -> p.length).sum();
    }

    /** Only what happens on some positions. O(firings). */
    public Recording on(BitSet allowed) {
        int[] same = new int[allowed.length()];
        for (int p = 0; p < same.length; p++) {
            same[p] = allowed.get(p) ? p : -1;
        }
        return renumbered(same);
    }

    /**
     * With positions numbered in another way. O(firings).
     *
     * @param number for each position its number, ascending, or -1 to leave it out; left out are
     *     those beyond the end, too
     */
    public Recording renumbered(int[] number) {
        List<int[]> there = new ArrayList<>(size());
        List<double[]> strengths = new ArrayList<>(size());
        for (int f = 0; f < size(); f++) {
            int[] all = positions.get(f);
            int[] kept = new int[all.length];
            double[] strength = new double[all.length];
            int count = 0;
            for (int i = 0; i < all.length; i++) {
                if (all[i] < number.length && number[all[i]] >= 0) {
                    kept[count] = number[all[i]];
                    strength[count++] = values.get(f)[i];
                }
            }
            there.add(Arrays.copyOf(kept, count));
            strengths.add(Arrays.copyOf(strength, count));
        }
        return new Recording(there, strengths);
    }

    /**
     * With positions that are counted from elsewhere. O(firings).
     *
     * @param by what is added to each feature's positions
     */
    public Recording shifted(int[] by) {
        if (Arrays.stream(by).allMatch(shift -> shift == 0)) {
            return this;
        }
        List<int[]> there = new ArrayList<>(size());
        for (int f = 0; f < size(); f++) {
            int shift = by[f];
            there.add(Arrays.stream(positions.get(f)).map(p -> p + shift).toArray());
        }
        return new Recording(there, values);
    }

    /** Some of the features, in an order of the caller's. */
    public Recording select(int[] features) {
        return new Recording(
                Arrays.stream(features).mapToObj(positions::get).toList(),
                Arrays.stream(features).mapToObj(values::get).toList());
    }

    /** The features that fire on at least so many positions, ascending. */
    public BitSet firingAtLeast(int least) {
        BitSet features = new BitSet();
        for (int f = 0; f < size(); f++) {
            features.set(f, firings(f) >= least);
        }
        return features;
    }

    /**
     * A feature's activations to a power, as shares of that of the largest, so that powers neither
     * overflow nor all vanish: weights that do not depend on the feature's scale.
     */
    public double[] powers(int feature, double exponent) {
        double[] of = values.get(feature);
        double largest = Arrays.stream(of).max().orElse(1);
        return Arrays.stream(of).map(value -> StrictMath.pow(value / largest, exponent)).toArray();
    }

    /** The mean activation of each feature where it fires; 0 where it fires nowhere. */
    public double[] meanActivations() {
        return values.stream().mapToDouble(v -> Arrays.stream(v).average().orElse(0)).toArray();
    }
}
