package dev.sot.transport.dictionary;

/**
 * How well one feature fits, with z its activations for an atom of norm 1. What cannot be computed,
 * because the feature never fires where it was looked at or its atom is zero, is NaN.
 *
 * @param norm Euclidean norm of its decoder vector, n
 * @param lambda its own multiplier {@code <d, rho>} with {@code rho = E[z r] / E[z]}
 * @param identityError {@code |rho - lambda d| / |E[z x] / E[z] - b|} with the multiplier of all
 *     features: by how much the barycentre identity fails, relative to the barycentre
 * @param directionError the same with the feature's own multiplier: the part of the error that is
 *     at right angles to the atom
 * @param optimalityResidual {@code sqrt(E[(<d, r> - lambda)^2] / E[z^2])} over its firings
 * @param offSupportViolation the largest {@code <d, r> - lambda} at the positions looked at where
 *     it does not fire, 0 if none is positive, relative to the root mean square of all activations
 */
public record FeatureFit(
        double norm,
        double lambda,
        double identityError,
        double directionError,
        double optimalityResidual,
        double offSupportViolation) {}
