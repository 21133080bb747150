package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * Two distances in one. With D a distance that is known among some items only, S one that is known
 * among all, and a weight w,
 *
 * <pre>
 *   d(i, j) = (1 - w) D(i, j) / median(D) + w S(i, j) / median(S)   where D is known of i and j
 *   d(i, j) = S(i, j) / median(S)                                   elsewhere
 * </pre>
 *
 * <p>Medians are over all pairs, the lower of two; a distance of which most pairs are at 0 is
 * divided by its mean instead, and one that is 0 everywhere by 1.
 */
public final class MixedDistances {

    private MixedDistances() {}

    /**
     * Mixes. O(n^2), with little memory beside the arguments.
     *
     * @param partial condensed distances D among the items that {@code known} lists
     * @param known these items, ascending
     * @param full condensed distances S among all n items; overwritten with the mixture
     * @param weight share of S, from 0 to 1
     * @return {@code full}
     */
    public static double[] mix(
            double[] partial, int[] known, double[] full, int n, double weight, Monitor monitor) {
        Condensed.check(full, n, monitor);
        if (known.length > 0) {
            Condensed.check(partial, known.length, monitor);
        }
        double partialUnit = unit(partial, monitor);
        double fullUnit = unit(full, monitor);
        int[] place = new int[n];
        Arrays.fill(place, -1);
        for (int k = 0; k < known.length; k++) {
            place[known[k]] = k;
        }
        int at = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, at++) {
                double structure = full[at] / fullUnit;
                full[at] =
                        place[i] < 0 || place[j] < 0
                                ? structure
                                : (1 - weight)
                                                * partial[
                                                        Condensed.index(
                                                                place[i], place[j], known.length)]
                                                / partialUnit
                                        + weight * structure;
            }
        }
        return full;
    }

    private static double unit(double[] distances, Monitor monitor) {
        if (distances.length == 0) {
            return 1;
        }
        double median =
                OrderStatistic.of(distances, distances.length, (distances.length - 1) / 2, monitor);
        if (median > 0) {
            return median;
        }
        double mean = Arrays.stream(distances).average().orElseThrow();
        return mean > 0 ? mean : 1;
    }
}
