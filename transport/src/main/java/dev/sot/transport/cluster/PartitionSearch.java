package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * One local search of {@link CorrelationClustering}: merges groups and moves units between them.
 * The cost of two groups is the sum over the pairs between them, NaN if one of these is forbidden.
 */
final class PartitionSearch {

    /** Share of the largest cost below which a difference may be rounding. */
    private static final double ROUNDING = 1e-12;

    private final PairCosts costs;
    private final CorrelationClustering.Options options;
    private final Monitor monitor;
    private final int n;
    private final double tolerance;
    private final int[] group;
    private final int[] count;
    private final long[] size;
    private int groups;
    private double internal;

    /** Every unit by itself. */
    PartitionSearch(PairCosts costs, CorrelationClustering.Options options, Monitor monitor) {
        this.costs = costs;
        this.options = options;
        this.monitor = monitor;
        n = costs.units();
        double largest = 0;
        for (double c : costs.cost()) {
            // False for NaN.
            if (Math.abs(c) > largest) {
                largest = Math.abs(c);
            }
        }
        tolerance = ROUNDING * largest;
        group = new int[n];
        Arrays.setAll(group, u -> u);
        count = new int[n];
        Arrays.fill(count, 1);
        size = costs.size().clone();
        groups = n;
        internal = costs.fixedMass();
    }

    /** Merges and moves until neither changes anything. */
    void run() {
        boolean changed = true;
        while (changed) {
            changed = merge();
            changed |= move();
        }
    }

    /** Group of each unit, numbered from 0 in the order of their smallest members. */
    int[] groups() {
        return Labels.inOrder(group);
    }

    int groupCount() {
        return groups;
    }

    double internal() {
        return internal;
    }

    /** What is minimised, by its definition. */
    double objective() {
        double sum = costs.fixedCost();
        for (int u = 0; u < n; u++) {
            monitor.check();
            for (int v = u + 1; v < n; v++) {
                if (group[u] == group[v]) {
                    sum += costs.cost(u, v);
                }
            }
        }
        return sum;
    }

    /** Whether this search ended with a better partition. */
    boolean betterThan(PartitionSearch other) {
        int tooMany = Math.max(0, groups - options.maxGroups());
        int otherTooMany = Math.max(0, other.groups - options.maxGroups());
        return tooMany != otherTooMany
                ? tooMany < otherTooMany
                : objective() < other.objective() - tolerance;
    }

    private boolean fits(long size, double internal) {
        return size <= costs.maxSize()
                && (costs.mass().length == 0 || internal <= options.budget());
    }

    /**
     * Merges groups while that lowers the objective, or while there are too many.
     *
     * @return whether any were merged
     */
    boolean merge() {
        int before = groups;
        if (groups > options.minGroups()) {
            Merges merges = new Merges();
            while (groups > options.minGroups() && merges.next()) {
                monitor.check();
            }
        }
        return groups < before;
    }

    /** Costs and masses between all groups, and the best partner of each. */
    private final class Merges {

        private final int places = groups;

        /** The groups' numbers, by their place here. */
        private final int[] number;

        private final boolean[] gone = new boolean[places];
        private final double[] cost = new double[Condensed.length(places)];
        private final double[] mass = new double[costs.mass().length == 0 ? 0 : cost.length];
        private final int[] partner = new int[places];

        Merges() {
            number = Labels.distinct(group);
            int[] place = Labels.dense(group, number);
            for (int u = 0; u < n; u++) {
                monitor.check();
                for (int v = u + 1; v < n; v++) {
                    if (place[u] != place[v]) {
                        int slot = Condensed.index(place[u], place[v], places);
                        cost[slot] += costs.cost(u, v);
                        if (mass.length > 0) {
                            mass[slot] += costs.mass(u, v);
                        }
                    }
                }
            }
            for (int a = 0; a < places; a++) {
                findPartner(a);
            }
        }

        private boolean allowed(int a, int b) {
            int slot = Condensed.index(a, b, places);
            double hidden = mass.length == 0 ? 0 : mass[slot];
            return !Double.isNaN(cost[slot])
                    && fits(size[number[a]] + size[number[b]], internal + hidden);
        }

        /** The partner of least cost, the first of several, -1 if there is none. */
        private void findPartner(int a) {
            monitor.check();
            partner[a] = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int b = 0; b < places; b++) {
                if (b != a && !gone[b]) {
                    double c = cost[Condensed.index(a, b, places)];
                    if (c < least && allowed(a, b)) {
                        least = c;
                        partner[a] = b;
                    }
                }
            }
        }

        /** Merges the best pair, if that is worth it. */
        boolean next() {
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int a = 0; a < places; a++) {
                if (gone[a] || partner[a] < 0) {
                    continue;
                }
                // Merging only ever takes from the budget, so what was refused stays refused.
                if (!allowed(a, partner[a])) {
                    findPartner(a);
                }
                if (partner[a] >= 0) {
                    double c = cost[Condensed.index(a, partner[a], places)];
                    if (c < least) {
                        least = c;
                        best = a;
                    }
                }
            }
            if (best < 0 || least >= -tolerance && groups <= options.maxGroups()) {
                return false;
            }
            join(Math.min(best, partner[best]), Math.max(best, partner[best]));
            return true;
        }

        private void join(int kept, int lost) {
            if (mass.length > 0) {
                internal += mass[Condensed.index(kept, lost, places)];
            }
            for (int u = 0; u < n; u++) {
                if (group[u] == number[lost]) {
                    group[u] = number[kept];
                }
            }
            count[number[kept]] += count[number[lost]];
            count[number[lost]] = 0;
            size[number[kept]] += size[number[lost]];
            size[number[lost]] = 0;
            groups--;
            gone[lost] = true;
            for (int c = 0; c < places; c++) {
                if (!gone[c] && c != kept) {
                    int slot = Condensed.index(kept, c, places);
                    int other = Condensed.index(lost, c, places);
                    cost[slot] += cost[other];
                    if (mass.length > 0) {
                        mass[slot] += mass[other];
                    }
                }
            }
            findPartner(kept);
            for (int c = 0; c < places; c++) {
                if (gone[c] || c == kept || partner[c] < 0) {
                    continue;
                }
                if (partner[c] == kept || partner[c] == lost) {
                    findPartner(c);
                } else {
                    double now = cost[Condensed.index(kept, c, places)];
                    double own = cost[Condensed.index(partner[c], c, places)];
                    boolean better = now < own || now == own && kept < partner[c];
                    if (better && allowed(kept, c)) {
                        partner[c] = kept;
                    }
                }
            }
        }
    }

    /**
     * Moves single units while that lowers the objective.
     *
     * @return whether any moved
     */
    boolean move() {
        double[] cost = new double[n];
        double[] mass = new double[n];
        boolean moved = false;
        int still = 0;
        for (int u = 0; still < n; u = (u + 1) % n, still++) {
            monitor.check();
            if (move(u, cost, mass)) {
                moved = true;
                still = 0;
            }
        }
        return moved;
    }

    private boolean move(int u, double[] cost, double[] mass) {
        int own = group[u];
        if (count[own] == 1 && groups <= options.minGroups()) {
            return false;
        }
        Arrays.fill(cost, 0);
        Arrays.fill(mass, 0);
        for (int v = 0; v < n; v++) {
            if (v != u) {
                cost[group[v]] += costs.cost(u, v);
                mass[group[v]] += costs.mass(u, v);
            }
        }
        int best = own;
        // Where there are too many groups, one that is given up is worth any cost.
        boolean tooMany = count[own] == 1 && groups > options.maxGroups();
        double least = tooMany ? Double.POSITIVE_INFINITY : cost[own] - tolerance;
        for (int g = 0; g < n; g++) {
            if (g != own
                    && count[g] > 0
                    && cost[g] < least
                    && fits(size[g] + costs.size()[u], internal - mass[own] + mass[g])) {
                least = cost[g];
                best = g;
            }
        }
        if (least > 0 && count[own] > 1 && groups < options.maxGroups()) {
            best = emptyGroup();
        }
        if (best == own) {
            return false;
        }
        internal += mass[best] - mass[own];
        groups += (count[best] == 0 ? 1 : 0) - (count[own] == 1 ? 1 : 0);
        count[own]--;
        count[best]++;
        size[own] -= costs.size()[u];
        size[best] += costs.size()[u];
        group[u] = best;
        return true;
    }

    private int emptyGroup() {
        int g = 0;
        while (count[g] > 0) {
            g++;
        }
        return g;
    }
}
