package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * Correlation clustering (Bansal, Blum and Chawla 2004): pairs that are nearer than a threshold
 * want to share a group, all others do not,
 *
 * <pre>    minimise  sum over pairs i, j in one group of (d_ij - threshold).</pre>
 *
 * <p>Nothing else says how many groups there are. Optionally {@link Constraints} hold, their number
 * is bounded, and so is the weight of the links that groups hide inside. On distances 1 - cosine of
 * {@link RoleVectors} this is the integer program by which circuit_tracer_mod (IamKrill1n, 2026)
 * groups nodes: there the threshold is the {@value #PERCENTILE}th percentile of the distances of
 * the pairs allowed, no group spans more than {@value #LAYER_SPAN} layers, at most {@value
 * #MAX_GROUPS} groups are made, and they hide at most a share of {@value #BUDGET} of the links'
 * weight.
 *
 * <p>The problem is NP-hard; this is a local search. From single items, the two groups whose
 * merging lowers the sum most are merged, until none does; then items move, one at a time, to the
 * group, or to a group of their own, where they lower it most, until none does; and again, until
 * neither changes anything. A second search moves before it merges; the better result is kept.
 * Nothing is done that constraints forbid. A pass over all moves takes O(n^2), so do all merges,
 * seldom much more; 8 n^2 bytes beside the distances, 12 n^2 with masses. There is no randomness:
 * ties go to the items of the smallest numbers.
 *
 * @param group group of each item, numbered from 0 in the order of their smallest members
 * @param groups number of groups; above the maximum asked for only where the search found no more
 *     merges allowed
 * @param objective the sum that was minimised
 * @param internal sum of the masses of the pairs in one group; 0 without masses
 */
public record CorrelationClustering(int[] group, int groups, double objective, double internal) {

    /** The published threshold, as a percentile of distances. */
    public static final double PERCENTILE = 35;

    /** The published maximum of layers that a group spans. */
    public static final int LAYER_SPAN = 7;

    /** The published maximum of groups. */
    public static final int MAX_GROUPS = 20;

    /** The published budget. */
    public static final double BUDGET = 0.05;

    /**
     * What is asked of the groups.
     *
     * @param threshold distance up to which two items want to share a group
     * @param minGroups fewest groups, at least 1
     * @param maxGroups most groups
     * @param mass for every pair, condensed, what sharing a group costs of the budget; empty for no
     *     budget
     * @param budget largest sum of masses over pairs in one group
     */
    public record Options(
            double threshold, int minGroups, int maxGroups, double[] mass, double budget) {

        /**
         * Checks them.
         *
         * @throws IllegalArgumentException unless {@code 1 <= minGroups <= maxGroups}, the
         *     threshold is finite and the budget {@code >= 0}
         */
        public Options {
            if (minGroups < 1 || maxGroups < minGroups) {
                throw new IllegalArgumentException(
                        "from " + minGroups + " to " + maxGroups + " groups are asked for");
            }
            if (!Double.isFinite(threshold) || !(budget >= 0)) {
                throw new IllegalArgumentException(
                        "threshold and budget are "
                                + threshold
                                + " and "
                                + budget
                                + "; the one must be finite, the other >= 0");
            }
        }

        /** Only the threshold decides. */
        public static Options of(double threshold) {
            return new Options(
                    threshold, 1, Integer.MAX_VALUE, new double[0], Double.POSITIVE_INFINITY);
        }

        /** The same with bounds on the number of groups. */
        public Options groups(int least, int most) {
            return new Options(threshold, least, most, mass, budget);
        }

        /** The same with a budget. */
        public Options budget(double[] masses, double largest) {
            return new Options(threshold, minGroups, maxGroups, masses, largest);
        }
    }

    /**
     * Groups items.
     *
     * @param condensed distances as in {@link HierarchicalClustering#cluster}; left unchanged
     * @param n number of items, at least 1
     * @throws IllegalArgumentException if lengths do not fit, or a distance or mass is negative or
     *     not finite
     */
    public static CorrelationClustering cluster(
            double[] condensed, int n, Constraints constraints, Options options, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        constraints.checkItems(n);
        if (options.mass.length > 0) {
            Condensed.check(options.mass, n, monitor);
        }
        PairCosts costs = PairCosts.of(condensed, n, constraints, options, monitor);
        PartitionSearch mergeFirst = new PartitionSearch(costs, options, monitor);
        mergeFirst.run();
        PartitionSearch moveFirst = new PartitionSearch(costs, options, monitor);
        moveFirst.move();
        moveFirst.run();
        PartitionSearch best = moveFirst.betterThan(mergeFirst) ? moveFirst : mergeFirst;
        int[] unitGroup = best.groups();
        int[] group = Labels.inOrder(Arrays.stream(costs.unit()).map(u -> unitGroup[u]).toArray());
        return new CorrelationClustering(
                group, best.groupCount(), best.objective(), best.internal());
    }

    /**
     * The p-th percentile of the distances of the pairs that may share a group, interpolated
     * linearly between the two nearest (as NumPy does). O(n^2), with a copy of the distances.
     *
     * @param condensed distances as in {@link #cluster}
     * @param p from 0 to 100
     * @return 0 if no pair may share a group
     */
    public static double percentile(
            double[] condensed, int n, Constraints constraints, double p, Monitor monitor) {
        if (!(p >= 0 && p <= 100)) {
            throw new IllegalArgumentException("percentile is " + p + "; it must be 0 to 100");
        }
        Condensed.check(condensed, n, monitor);
        constraints.checkItems(n);
        double[] allowed = condensed.clone();
        for (int[] apart : constraints.cannotLink()) {
            allowed[Condensed.index(apart[0], apart[1], n)] = Double.NaN;
        }
        int pair = 0;
        int count = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, pair++) {
                if (!Double.isNaN(allowed[pair]) && !constraints.apart(i, j)) {
                    allowed[count++] = allowed[pair];
                }
            }
        }
        if (count == 0) {
            return 0;
        }
        double place = p / 100 * (count - 1);
        int rank = (int) place;
        double below = OrderStatistic.of(allowed, count, rank, monitor);
        double above = OrderStatistic.of(allowed, count, Math.min(rank + 1, count - 1), monitor);
        return below + (place - rank) * (above - below);
    }
}
