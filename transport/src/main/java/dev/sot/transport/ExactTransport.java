package dev.sot.transport;

import java.util.Arrays;

/**
 * Exact optimal transport between two discrete measures,
 *
 * <pre>    min sum_ij c_ij P_ij   over   P >= 0,  P 1 = a,  P' 1 = b,</pre>
 *
 * by the primal network simplex on the bipartite graph of sources and targets (Dantzig's
 * transportation method on a spanning tree; Ahuja, Magnanti and Orlin 1993, chapter 11).
 *
 * <ul>
 *   <li>Masses are 64-bit integers while pivoting. Each source carries one unit more, and one
 *       target that many units more, than a multiple of (sources + 1); no proper subset of sources
 *       and targets then balances, every basis is non-degenerate, every pivot lowers the cost, and
 *       cycling is impossible. This is Orden's perturbation with integers in place of an epsilon.
 *       The plan returned is the optimal basis evaluated at the masses as given.
 *   <li>It starts from a greedy basis: rows, those with most to lose first, take the cheapest
 *       columns after the columns' means are subtracted.
 *   <li>Potentials of a moved subtree are computed anew from the tree, so they do not drift.
 *   <li>Reduced costs are compared relative to the largest cost, so the units of cost do not
 *       matter.
 * </ul>
 *
 * <p>Time is about {@code O((n + m) n m)} in practice for n sources and m targets, memory {@code
 * O(n m)}, which an instance keeps for the next call. Not thread-safe.
 */
public final class ExactTransport {

    private static final double RELATIVE_TOLERANCE = 0x1p-46;
    private static final int PIVOTS_BETWEEN_CHECKS = 64;
    private static final int NONE = -1;

    private final Monitor monitor;

    private int sources;
    private int targets;
    private double[][] cost = new double[0][];
    private double[] u = new double[0];
    private double[] v = new double[0];

    // The basis: a spanning tree. Nodes are sources, then targets; node x hangs on parent[x] by an
    // arc that carries flow[x]. Children of a node form a doubly linked list.
    private int[] parent = new int[0];
    private int[] firstChild;
    private int[] nextSibling;
    private int[] previousSibling;
    private int[] depth;
    private long[] flow;
    private int[] stack;

    /** A solver that nothing interrupts. */
    public ExactTransport() {
        this(Monitor.NONE);
    }

    /**
     * A solver that can be stopped.
     *
     * @param monitor checked before pivoting and every 64 pivots
     */
    public ExactTransport(Monitor monitor) {
        this.monitor = monitor;
    }

    /**
     * Solves one problem.
     *
     * @param cost cost of moving a unit of mass from source i to target j, row-major {@code [n,
     *     m]}, finite
     * @param a masses of the n sources, finite, not negative, not all zero; normalised to sum 1
     * @param b masses of the m targets, likewise
     * @return an optimal plan
     * @throws IllegalArgumentException naming the entry that is not allowed
     * @throws ArithmeticException if the optimum is not reached within the cap on pivots
     */
    public TransportPlan solve(double[] cost, double[] a, double[] b) {
        if (cost.length != (long) a.length * b.length) {
            throw new IllegalArgumentException(
                    "expected "
                            + a.length
                            + " x "
                            + b.length
                            + " costs, got "
                            + cost.length
                            + " values");
        }
        int[] sourceIndex = support("source", a);
        int[] targetIndex = support("target", b);
        double scale = load(cost, b.length, sourceIndex, targetIndex);
        double[] supply = CompensatedSum.normalise(select(a, sourceIndex));
        double[] demand = CompensatedSum.normalise(select(b, targetIndex));
        greedyBasis(supply, demand);
        monitor.check();
        // Potentials are sums along paths of the tree, whose rounding grows with its depth.
        optimise(scale * RELATIVE_TOLERANCE * Math.max(1, (sources + targets) / 256.0));
        return plan(cost, a.length, b.length, sourceIndex, targetIndex, supply, demand, scale);
    }

    private static int[] support(String side, double[] mass) {
        int[] index = new int[mass.length];
        int size = 0;
        for (int i = 0; i < mass.length; i++) {
            if (!(mass[i] >= 0) || mass[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "masses must be finite and not negative, "
                                + side
                                + " "
                                + i
                                + " has "
                                + mass[i]);
            }
            if (mass[i] > 0) {
                index[size++] = i;
            }
        }
        if (size == 0) {
            throw new IllegalArgumentException("no " + side + " has any mass");
        }
        return Arrays.copyOf(index, size);
    }

    private static double[] select(double[] values, int[] index) {
        double[] selected = new double[index.length];
        for (int i = 0; i < index.length; i++) {
            selected[i] = values[index[i]];
        }
        return selected;
    }

    /** Copies the costs between points with mass into the workspace; returns the largest |cost|. */
    private double load(double[] costs, int columns, int[] sourceIndex, int[] targetIndex) {
        sources = sourceIndex.length;
        targets = targetIndex.length;
        reserve();
        for (int i = 0; i < sources; i++) {
            double[] row = cost[i];
            int base = sourceIndex[i] * columns;
            for (int j = 0; j < targets; j++) {
                row[j] = costs[base + targetIndex[j]];
            }
        }
        double scale = 0;
        for (int i = 0; i < costs.length; i++) {
            scale = Math.max(scale, Math.abs(costs[i]));
        }
        if (!(scale <= Double.MAX_VALUE)) {
            requireFinite(costs, columns);
        }
        return scale;
    }

    private static void requireFinite(double[] costs, int columns) {
        for (int i = 0; i < costs.length; i++) {
            if (!Double.isFinite(costs[i])) {
                throw new IllegalArgumentException(
                        "costs must be finite, from source "
                                + i / columns
                                + " to target "
                                + i % columns
                                + " it is "
                                + costs[i]);
            }
        }
    }

    private void reserve() {
        if (cost.length < sources || (cost.length > 0 && cost[0].length < targets)) {
            int columns = Math.max(targets, cost.length > 0 ? cost[0].length : 0);
            cost = new double[Math.max(sources, cost.length)][columns];
        }
        if (u.length < sources) {
            u = new double[sources];
        }
        if (v.length < targets) {
            v = new double[targets];
        }
        int nodes = sources + targets;
        if (parent.length < nodes) {
            parent = new int[nodes];
            firstChild = new int[nodes];
            nextSibling = new int[nodes];
            previousSibling = new int[nodes];
            depth = new int[nodes];
            flow = new long[nodes];
            stack = new int[nodes];
        }
    }

    /** Fills the workspace with a feasible spanning tree, hung on the first target. */
    private void greedyBasis(double[] supply, double[] demand) {
        int step = sources + 1;
        // The total stays below 2^62 after the perturbation.
        long total = 1L << (62 - (32 - Integer.numberOfLeadingZeros(step)));
        long[] left = perturbed(supply, total, step, 1, sources);
        long[] room = perturbed(demand, total, step, sources, 1);

        double[] columnMean = new double[targets];
        for (int i = 0; i < sources; i++) {
            double[] row = cost[i];
            for (int j = 0; j < targets; j++) {
                columnMean[j] += row[j] / sources;
            }
        }
        // The row that loses most by not getting its cheapest column comes first.
        double[] regret = new double[sources];
        for (int i = 0; i < sources; i++) {
            double min = Double.POSITIVE_INFINITY;
            double mean = 0;
            for (int j = 0; j < targets; j++) {
                double centred = cost[i][j] - columnMean[j];
                min = Math.min(min, centred);
                mean += centred / targets;
            }
            regret[i] = min - mean;
        }
        int[] order = ascending(regret);

        int[] arcSource = new int[sources + targets - 1];
        int[] arcTarget = new int[sources + targets - 1];
        long[] arcFlow = new long[sources + targets - 1];
        int[] open = new int[targets];
        for (int j = 0; j < targets; j++) {
            open[j] = j;
        }
        int openCount = targets;
        int arcs = 0;
        for (int i : order) {
            double[] row = cost[i];
            while (left[i] > 0) {
                int best = 0;
                for (int k = 1; k < openCount; k++) {
                    if (row[open[k]] - columnMean[open[k]]
                            < row[open[best]] - columnMean[open[best]]) {
                        best = k;
                    }
                }
                int j = open[best];
                long moved = Math.min(left[i], room[j]);
                left[i] -= moved;
                room[j] -= moved;
                if (room[j] == 0) {
                    open[best] = open[--openCount];
                }
                arcSource[arcs] = i;
                arcTarget[arcs] = j;
                arcFlow[arcs++] = moved;
            }
        }
        hang(arcSource, arcTarget, arcFlow);
    }

    /**
     * Integer masses: {@code step} times a share of {@code total}, at least {@code step}, plus
     * {@code extra} on each of the first {@code count} entries.
     */
    private static long[] perturbed(double[] mass, long total, int step, int extra, int count) {
        long[] integer = new long[mass.length];
        long sum = 0;
        int largest = 0;
        for (int i = 0; i < mass.length; i++) {
            integer[i] = Math.max(1, Math.round(mass[i] * total));
            sum += integer[i];
            if (mass[i] > mass[largest]) {
                largest = i;
            }
        }
        integer[largest] += total - sum;
        for (int i = 0; i < mass.length; i++) {
            integer[i] = integer[i] * step + (i < count ? extra : 0);
        }
        return integer;
    }

    /** Insertion sort of indices: stable, and negligible beside what the basis costs. */
    private static int[] ascending(double[] keys) {
        int[] order = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            int at = i;
            while (at > 0 && keys[order[at - 1]] > keys[i]) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = i;
        }
        return order;
    }

    /** Hangs the tree that the arcs form on the first target. */
    private void hang(int[] arcSource, int[] arcTarget, long[] arcFlow) {
        int nodes = sources + targets;
        int[] degree = new int[nodes + 1];
        for (int k = 0; k < arcFlow.length; k++) {
            degree[arcSource[k] + 1]++;
            degree[sources + arcTarget[k] + 1]++;
        }
        for (int x = 0; x < nodes; x++) {
            degree[x + 1] += degree[x];
        }
        int[] fill = Arrays.copyOf(degree, nodes);
        int[] incident = new int[2 * arcFlow.length];
        for (int k = 0; k < arcFlow.length; k++) {
            incident[fill[arcSource[k]]++] = k;
            incident[fill[sources + arcTarget[k]]++] = k;
        }
        Arrays.fill(firstChild, 0, nodes, NONE);
        int root = sources;
        parent[root] = NONE;
        nextSibling[root] = NONE;
        previousSibling[root] = NONE;
        depth[root] = 0;
        v[0] = 0;
        int top = 0;
        stack[top++] = root;
        while (top > 0) {
            int x = stack[--top];
            for (int at = degree[x]; at < degree[x + 1]; at++) {
                int k = incident[at];
                int y = x < sources ? sources + arcTarget[k] : arcSource[k];
                if (y != parent[x]) {
                    attach(y, x);
                    flow[y] = arcFlow[k];
                    label(y);
                    stack[top++] = y;
                }
            }
        }
    }

    private void attach(int child, int to) {
        int first = firstChild[to];
        parent[child] = to;
        previousSibling[child] = NONE;
        nextSibling[child] = first;
        if (first != NONE) {
            previousSibling[first] = child;
        }
        firstChild[to] = child;
    }

    private void detach(int child) {
        int before = previousSibling[child];
        int after = nextSibling[child];
        if (before == NONE) {
            firstChild[parent[child]] = after;
        } else {
            nextSibling[before] = after;
        }
        if (after != NONE) {
            previousSibling[after] = before;
        }
    }

    /** Depth and potential of a node from its parent's: arcs of the tree have reduced cost 0. */
    private void label(int x) {
        int up = parent[x];
        depth[x] = depth[up] + 1;
        if (x < sources) {
            u[x] = cost[x][up - sources] - v[up - sources];
        } else {
            v[x - sources] = cost[up][x - sources] - u[up];
        }
    }

    /** Pivots until no arc has a reduced cost below -tolerance; prices one row at a time. */
    private void optimise(double tolerance) {
        long cap = 10_000 + 1_000L * (sources + targets);
        long pivots = 0;
        int row = 0;
        for (int clean = 0; clean < sources; clean++) {
            int column = cheapest(row, u[row] - tolerance);
            if (column != NONE) {
                if (++pivots > cap) {
                    throw new ArithmeticException(
                            "no optimal plan between "
                                    + sources
                                    + " sources and "
                                    + targets
                                    + " targets after "
                                    + cap
                                    + " pivots; are the costs free of extreme ratios?");
                }
                if (pivots % PIVOTS_BETWEEN_CHECKS == 0) {
                    monitor.check();
                }
                pivot(row, column);
                clean = -1;
            }
            row = row + 1 == sources ? 0 : row + 1;
        }
    }

    /**
     * The column with the least {@code c_ij - v_j} of a row, or NONE if that is not below limit.
     */
    private int cheapest(int row, double limit) {
        double[] costs = cost[row];
        double[] potentials = v;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < targets; j++) {
            least = Math.min(least, costs[j] - potentials[j]);
        }
        if (!(least < limit)) {
            return NONE;
        }
        int column = 0;
        while (costs[column] - potentials[column] != least) {
            column++;
        }
        return column;
    }

    private void pivot(int row, int column) {
        int x = row;
        int y = sources + column;
        // Mass added to the arc (row, column) leaves the arcs from the row's side whose lower end
        // is
        // a source and those from the column's side whose lower end is a target.
        long moved = Long.MAX_VALUE;
        int leaving = NONE;
        boolean onRowSide = true;
        while (x != y) {
            if (depth[x] >= depth[y]) {
                if (x < sources && flow[x] < moved) {
                    moved = flow[x];
                    leaving = x;
                    onRowSide = true;
                }
                x = parent[x];
            } else {
                if (y >= sources && flow[y] < moved) {
                    moved = flow[y];
                    leaving = y;
                    onRowSide = false;
                }
                y = parent[y];
            }
        }
        int apex = x;
        for (x = row; x != apex; x = parent[x]) {
            flow[x] += x < sources ? -moved : moved;
        }
        for (y = sources + column; y != apex; y = parent[y]) {
            flow[y] += y < sources ? moved : -moved;
        }
        if (onRowSide) {
            rehang(row, sources + column, moved, leaving);
        } else {
            rehang(sources + column, row, moved, leaving);
        }
    }

    /** Hangs the subtree of {@code leaving} on {@code to} by its node {@code end}. */
    private void rehang(int end, int to, long moved, int leaving) {
        int x = end;
        int up = to;
        long carried = moved;
        while (true) {
            int above = parent[x];
            long before = flow[x];
            detach(x);
            attach(x, up);
            flow[x] = carried;
            if (x == leaving) {
                break;
            }
            carried = before;
            up = x;
            x = above;
        }
        int top = 0;
        stack[top++] = end;
        while (top > 0) {
            int node = stack[--top];
            label(node);
            for (int child = firstChild[node]; child != NONE; child = nextSibling[child]) {
                stack[top++] = child;
            }
        }
    }

    private TransportPlan plan(
            double[] costs,
            int n,
            int m,
            int[] sourceIndex,
            int[] targetIndex,
            double[] supply,
            double[] demand,
            double scale) {
        int nodes = sources + targets;
        double[] excess = new double[nodes];
        System.arraycopy(supply, 0, excess, 0, sources);
        for (int j = 0; j < targets; j++) {
            excess[sources + j] = -demand[j];
        }
        int[] order = breadthFirst();
        for (int k = nodes - 1; k > 0; k--) {
            int x = order[k];
            // The masses of the basis are positive up to the perturbation and to rounding.
            excess[x] = x < sources ? Math.max(0, excess[x]) : Math.min(0, excess[x]);
            excess[parent[x]] += excess[x];
        }
        long[] entries = new long[nodes - 1];
        int size = 0;
        for (int k = 1; k < nodes; k++) {
            int x = order[k];
            if (excess[x] != 0) {
                int i = x < sources ? x : parent[x];
                int j = (x < sources ? parent[x] : x) - sources;
                entries[size++] = (long) i << 32 | j;
            }
        }
        Arrays.sort(entries, 0, size);
        int[] source = new int[size];
        int[] target = new int[size];
        double[] mass = new double[size];
        CompensatedSum primal = new CompensatedSum();
        for (int k = 0; k < size; k++) {
            int i = (int) (entries[k] >> 32);
            int j = (int) entries[k];
            mass[k] = Math.abs(excess[parent[i] == sources + j ? i : sources + j]);
            source[k] = sourceIndex[i];
            target[k] = targetIndex[j];
            primal.add(mass[k] * cost[i][j]);
        }

        double[] targetPotential = new double[m];
        Arrays.fill(targetPotential, Double.POSITIVE_INFINITY);
        double[] sourcePotential = new double[n];
        Arrays.fill(sourcePotential, Double.POSITIVE_INFINITY);
        for (int i = 0; i < sources; i++) {
            int base = sourceIndex[i] * m;
            for (int j = 0; j < m; j++) {
                targetPotential[j] = Math.min(targetPotential[j], costs[base + j] - u[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            int base = i * m;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m; j++) {
                least = Math.min(least, costs[base + j] - targetPotential[j]);
            }
            sourcePotential[i] = least;
        }
        CompensatedSum dual = new CompensatedSum();
        for (int i = 0; i < sources; i++) {
            dual.add(supply[i] * sourcePotential[sourceIndex[i]]);
        }
        for (int j = 0; j < targets; j++) {
            dual.add(demand[j] * targetPotential[targetIndex[j]]);
        }
        double optimum = primal.value();
        double gap = Math.max(0, optimum - dual.value());
        double relative = gap == 0 ? 0 : gap / Math.max(Math.abs(optimum), 1e-6 * scale);
        return new TransportPlan(
                optimum, source, target, mass, sourcePotential, targetPotential, relative);
    }

    private int[] breadthFirst() {
        int[] order = new int[sources + targets];
        order[0] = sources;
        int size = 1;
        for (int at = 0; at < size; at++) {
            for (int x = firstChild[order[at]]; x != NONE; x = nextSibling[x]) {
                order[size++] = x;
            }
        }
        return order;
    }
}
