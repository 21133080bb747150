package dev.sot.transport;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * Where a feature fires, and how strongly: its full distribution.
 *
 * @param feature identifies the feature
 * @param distribution the positions on which it fires and that are not excluded, with weights
 *     {@code a_t / sum a}
 * @param excluded positions on which it fires and that are excluded
 * @param mass sum of the activations behind the weights
 */
public record Firings(String feature, Distribution distribution, int excluded, double mass) {

    /**
     * The firings of one feature.
     *
     * @param feature identifies the feature
     * @param positions where it was recorded, strictly ascending
     * @param activations one a position, finite, not negative; 0 means that it does not fire there
     * @param excluded positions to leave out, or null for none
     * @return the firings, or empty when the feature fires on no position that is not excluded
     * @throws IllegalArgumentException naming the feature and the position that is not allowed
     */
    public static Optional<Firings> of(
            String feature, int[] positions, double[] activations, BitSet excluded) {
        if (positions.length != activations.length) {
            throw new IllegalArgumentException(
                    "feature "
                            + feature
                            + ": "
                            + positions.length
                            + " positions but "
                            + activations.length
                            + " activations");
        }
        int[] fired = new int[positions.length];
        double[] strength = new double[positions.length];
        int firings = 0;
        int excludedFirings = 0;
        for (int i = 0; i < positions.length; i++) {
            requireValid(feature, positions, activations, i);
            if (activations[i] == 0) {
                continue;
            }
            if (excluded != null && excluded.get(positions[i])) {
                excludedFirings++;
                continue;
            }
            fired[firings] = positions[i];
            strength[firings++] = activations[i];
        }
        if (firings == 0) {
            return Optional.empty();
        }
        CompensatedSum mass = new CompensatedSum();
        for (int i = 0; i < firings; i++) {
            mass.add(strength[i]);
        }
        Distribution distribution =
                new Distribution(
                        Arrays.copyOf(fired, firings),
                        CompensatedSum.normalise(Arrays.copyOf(strength, firings)));
        return Optional.of(new Firings(feature, distribution, excludedFirings, mass.value()));
    }

    private static void requireValid(String feature, int[] positions, double[] activations, int i) {
        if (positions[i] < 0 || (i > 0 && positions[i] <= positions[i - 1])) {
            throw new IllegalArgumentException(
                    "feature "
                            + feature
                            + ": positions must be strictly ascending and not negative, entry "
                            + i
                            + " is "
                            + positions[i]
                            + (i > 0 ? " after " + positions[i - 1] : ""));
        }
        if (!(activations[i] >= 0) || activations[i] == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "feature "
                            + feature
                            + ": activations must be finite and not negative, at position "
                            + positions[i]
                            + " it is "
                            + activations[i]);
        }
    }

    /** The number of positions on which the feature fires and that are not excluded. */
    public int size() {
        return distribution.size();
    }

    /** The same firings, with their positions numbered in another way. */
    public Firings on(Distribution renumbered) {
        return new Firings(feature, renumbered, excluded, mass);
    }

    /** {@code (sum a)^2 / sum a^2}. */
    double effectiveSampleSize() {
        CompensatedSum squares = new CompensatedSum();
        for (double share : distribution.weights()) {
            squares.add(share * share);
        }
        return 1 / squares.value();
    }

    /** All firings as a support. */
    Support all() {
        return support(distribution, SupportMethod.ALL, Optional.of(SupportError.NONE));
    }

    /** A support that stands for these firings. */
    Support support(Distribution kept, SupportMethod method, Optional<SupportError> error) {
        return new Support(kept, size(), excluded, effectiveSampleSize(), method, error);
    }
}
