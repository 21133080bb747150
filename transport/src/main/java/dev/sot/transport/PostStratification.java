package dev.sot.transport;

import java.util.Arrays;

/**
 * Weights for firings that were chosen by their values, so that weighted, they are distributed over
 * the values as all firings of a corpus are.
 *
 * <p>Dashboards show windows of the top activations and of intervals of activations, while strong
 * firings are rare in the corpus. With the firings n_b shown and N_b known in each stratum b of
 * values, a shown one stands for N_b / n_b (post-stratification; W. G. Cochran, <em>Sampling
 * Techniques</em>, 1977, 5A.9). Adjacent strata are collapsed until each has both. What is not
 * corrected: the choice of texts within a stratum, and firings that share a window with one that
 * was chosen.
 */
public final class PostStratification {

    private PostStratification() {}

    /**
     * Weights and what they rest on.
     *
     * @param weights for each value the number of firings that it stands for; null without any mass
     * @param covered share of the mass in strata in which a value lies
     */
    public record Result(double[] weights, double covered) {}

    /**
     * Weights by strata given as upper ends; values beyond the last end lie in the last stratum.
     * O(values log strata).
     *
     * @param values of the sample, at least one
     * @param upper upper ends, ascending
     * @param mass of each stratum in the population, at least 0
     */
    public static Result byStrata(double[] values, double[] upper, double[] mass) {
        int strata = upper.length;
        int[] stratum = new int[values.length];
        int[] count = new int[strata];
        double total = Arrays.stream(mass).sum();
        if (strata == 0 || !(total > 0) || Double.isInfinite(total)) {
            return new Result(null, 0);
        }
        for (int i = 0; i < values.length; i++) {
            int found = Arrays.binarySearch(upper, values[i]);
            stratum[i] = Math.min(found < 0 ? -found - 1 : found, strata - 1);
            count[stratum[i]]++;
        }
        double covered = 0;
        int[] group = new int[strata];
        double[] groupMass = new double[strata];
        int[] groupCount = new int[strata];
        int groups = 0;
        for (int b = 0; b < strata; b++) {
            covered += count[b] > 0 ? mass[b] : 0;
            group[b] = groups;
            groupMass[groups] += mass[b];
            groupCount[groups] += count[b];
            if (groupMass[groups] > 0 && groupCount[groups] > 0) {
                groups++;
            }
        }
        if (groups > 0 && groups < strata) {
            // What is left at the upper end belongs to the last whole group.
            groupMass[groups - 1] += groupMass[groups];
            groupCount[groups - 1] += groupCount[groups];
        }
        double[] weights = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int g = Math.min(group[stratum[i]], groups - 1);
            weights[i] = groupMass[g] / groupCount[g];
        }
        return new Result(weights, covered / total);
    }

    /** Weights by a histogram given as the centres of its bars, ascending, and their heights. */
    public static Result byHistogram(double[] values, double[] centres, double[] heights) {
        double[] upper = new double[centres.length];
        for (int b = 0; b < centres.length; b++) {
            upper[b] =
                    b + 1 < centres.length
                            ? (centres[b] + centres[b + 1]) / 2
                            : Double.POSITIVE_INFINITY;
        }
        return byStrata(values, upper, heights);
    }
}
