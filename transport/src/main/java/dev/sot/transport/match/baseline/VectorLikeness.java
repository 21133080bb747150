package dev.sot.transport.match.baseline;

import java.util.Arrays;

/**
 * Likeness of vectors. Between decoder vectors of two layers of one model the cosine is the measure
 * of Feature Flow (arXiv:2502.03032), which follows a feature to the nearest neighbour.
 *
 * <p>Exact to a few roundings of the vectors' lengths. Time {@code O(targets x dimension)} a
 * source, memory {@code 8 x targets x dimension} bytes.
 */
public final class VectorLikeness implements Likeness {

    private final float[][] sources;
    private final double[] sourceSquares;
    private final Products targets;
    private final double[] targetSquares;
    private final boolean cosine;

    private VectorLikeness(float[][] sources, float[][] targets, boolean cosine) {
        this.sources = sources;
        this.sourceSquares = Products.squares(sources);
        this.targets = new Products(targets);
        this.targetSquares = Products.squares(targets);
        this.cosine = cosine;
        for (float[] source : sources) {
            if (source.length != this.targets.dimension()) {
                throw new IllegalArgumentException(
                        "a source has dimension "
                                + source.length
                                + ", the targets have "
                                + this.targets.dimension());
            }
        }
    }

    /**
     * By the cosine; a vector of zeros has cosine 0 with all others.
     *
     * @param sources one vector a source, not copied
     * @param targets one vector a target, of the same length
     * @throws IllegalArgumentException if lengths differ or an entry is not finite
     */
    public static VectorLikeness cosine(float[][] sources, float[][] targets) {
        return new VectorLikeness(sources, targets, true);
    }

    /** By the negative squared Euclidean distance; arguments are those of {@link #cosine}. */
    public static VectorLikeness distance(float[][] sources, float[][] targets) {
        return new VectorLikeness(sources, targets, false);
    }

    @Override
    public int sources() {
        return sources.length;
    }

    @Override
    public int targets() {
        return targets.size();
    }

    @Override
    public void of(int source, double[] into) {
        Arrays.fill(into, 0, targets.size(), 0);
        targets.add(sources[source], 0, into);
        double square = sourceSquares[source];
        double length = Math.sqrt(square);
        for (int j = 0; j < targets.size(); j++) {
            if (cosine) {
                // Two roots: the product of two squares leaves the range of a double first.
                into[j] =
                        square > 0 && targetSquares[j] > 0
                                ? into[j] / (length * Math.sqrt(targetSquares[j]))
                                : 0;
            } else {
                into[j] = -Math.max(0, square + targetSquares[j] - 2 * into[j]);
            }
        }
    }
}
