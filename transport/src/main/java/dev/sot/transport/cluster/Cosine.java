package dev.sot.transport.cluster;

/** Cosines from inner products. */
final class Cosine {

    private Cosine() {}

    /**
     * The cosine of two vectors.
     *
     * @param dot their inner product
     * @param a squared length of one
     * @param b squared length of the other
     * @return 0 where one is a vector of zeros
     */
    static double of(double dot, double a, double b) {
        // Two roots: the product of two squares leaves the range of a double first.
        return a > 0 && b > 0 ? dot / (Math.sqrt(a) * Math.sqrt(b)) : 0;
    }

    /** 1 - cosine, which rounding does not move out of 0 to 2. */
    static double distance(double cosine) {
        return Math.min(2, Math.max(0, 1 - cosine));
    }
}
