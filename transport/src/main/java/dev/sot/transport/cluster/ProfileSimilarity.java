package dev.sot.transport.cluster;

/**
 * How alike two profiles are, such as the shares of two circuits' influence that each supernode
 * has.
 *
 * @param cosine cosine of the profiles as vectors; NaN when one is 0 everywhere
 * @param overlap sum of the smaller of the two shares, 0 to 1 when each profile adds up to 1: one
 *     less their total variation distance
 */
public record ProfileSimilarity(double cosine, double overlap) {

    /**
     * Compares two profiles. O(n).
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public static ProfileSimilarity of(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "the profiles have " + a.length + " and " + b.length + " entries");
        }
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        double overlap = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            squareA += a[i] * a[i];
            squareB += b[i] * b[i];
            overlap += Math.min(a[i], b[i]);
        }
        double length = Math.sqrt(squareA * squareB);
        return new ProfileSimilarity(
                length > 0 ? Math.min(1, product / length) : Double.NaN, overlap);
    }
}
