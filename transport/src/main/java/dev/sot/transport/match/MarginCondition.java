package dev.sot.transport.match;

/**
 * Whether the nearest neighbour found must be the true one in spite of sampling errors. With errors
 * {@code e_x = W(sample of x, mu_x)} the triangle inequality gives for every other g
 *
 * <pre>    W(mu_f, mu_g) - W(mu_f, mu_best) &gt;= margin - 2 e_f - e_best - e_g,</pre>
 *
 * so that a margin above {@code 2 e_f + e_best + max_g e_g} suffices. The errors are estimated by
 * {@link SamplingNoise}; the condition is sufficient and far from necessary: in many dimensions the
 * errors are as large as distances, and matches that are right seldom meet it.
 *
 * @param margin distance of the runner-up minus that of the match
 * @param bound {@code 2 e_f + e_best + max_g e_g}; not a number where an error is not known
 */
public record MarginCondition(double margin, double bound) {

    /**
     * The condition of a match.
     *
     * @param nearest distance of the match
     * @param second distance of the runner-up
     * @param sourceNoise e_f
     * @param targetNoise e_best
     * @param largestNoise max_g e_g over all targets but the match
     */
    public static MarginCondition of(
            double nearest,
            double second,
            double sourceNoise,
            double targetNoise,
            double largestNoise) {
        return new MarginCondition(second - nearest, 2 * sourceNoise + targetNoise + largestNoise);
    }

    /** Whether the margin exceeds the bound; false where the bound is not known. */
    public boolean holds() {
        return margin > bound;
    }
}
