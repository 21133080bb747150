package dev.sot.transport;

import java.util.Arrays;

/**
 * The primal network simplex for
 *
 * <pre>    min sum_ij c_ij P_ij   over   P >= 0,  P 1 = a,  P' 1 = b,</pre>
 *
 * that is Dantzig's transportation method on a spanning tree (Ahuja, Magnanti and Orlin 1993,
 * chapter 11), in two phases.
 *
 * <p>The first pivots on costs rounded to integers of up to 23 bits. Its arithmetic is exact and
 * serves sixteen costs an instruction, and so few bits are left that every sum of costs along a
 * path fits 32. The second takes the costs of the tree's arcs in double precision and sums them to
 * potentials in twice that precision. One pass over the rounded costs finds the few arcs whose
 * reduced cost may be negative, as rounding is bounded; those are priced exactly and enter where
 * they improve the plan. So the result is optimal for the exact costs: its gap is at most 2^-42 of
 * the optimum, or 2^-90 of the largest cost where that is more. Masses below 2^-62 / n of all are
 * rounded while pivoting, which the gap counts.
 *
 * <ul>
 *   <li>Masses are 64-bit integers while pivoting. Each source carries one unit more, and one
 *       target that many units more, than a multiple of (sources + 1); no proper subset of sources
 *       and targets then balances, every basis is non-degenerate, every pivot lowers the cost, and
 *       cycling is impossible. This is Orden's perturbation with integers in place of an epsilon.
 *       The optimum is that of the final basis at the masses as given.
 *   <li>Between equal numbers of equal masses it starts from the basis of an optimal {@linkplain
 *       Assignment assignment}, which leaves the first phase nothing to do.
 *   <li>Else it starts from a greedy basis: rows, those with most to lose first, take the cheapest
 *       columns after the columns' means are subtracted. The arcs of that basis form a tree in
 *       which everything hangs on something treated later.
 *   <li>A node knows its descendants as a set of bits, so that the ends of a cycle are found, and
 *       subtrees moved, by touching paths alone.
 * </ul>
 *
 * <p>Nodes are numbered: targets from 0, sources from {@link #stride}. The potential p of a node is
 * v of a target and -u of a source, so that an arc's reduced cost is {@code c + p_source -
 * p_target}, and a subtree moves by one number.
 *
 * <p>Memory {@code 4 n m + (n + m)^2 / 8} bytes, kept for the next problem; nothing is allocated
 * unless a problem is larger than all before. Not thread-safe.
 */
final class NetworkSimplex {

    /** The cost of an arc in double precision. */
    interface Costs {
        double cost(int source, int target);
    }

    private static final int NONE = -1;
    private static final int CLOSED = Integer.MIN_VALUE / 2;
    private static final int MAX_NODES = 1 << 17;
    private static final int ENTRIES_BETWEEN_CHECKS = 1 << 17;
    private static final double RELATIVE_TOLERANCE = 0x1p-42;

    /** Far above the rounding of potentials in twice double precision. */
    private static final double TOLERANCE_FLOOR = 0x1p-90;

    private final Kernel kernel;
    private final Monitor monitor;
    private final Assignment assignment;

    private int n;
    private int m;
    private int stride;
    private int words;
    private int[] costs = new int[0];
    private double[] a;
    private double[] b;

    // The basis: node x hangs on parent[x] by an arc that carries flow[x] and costs exact[x].
    private int root;
    private int[] parent = new int[0];
    private long[] flow;
    private double[] exact;
    private int[] potential;
    private double[] potentialHigh;
    private double[] potentialLow;
    private long[] descendants = new long[0];

    private int[] price;
    private long[] keys;
    private int[] order;
    private int[] stack;
    private boolean[] seen;
    private int[] columns;
    private double[] excess;
    private double[] excessLow;

    private int apex;
    private boolean onRowSide;
    private long step;
    private long total;
    private long pivots;
    private long work;
    private double violation;
    private double gross;
    private double gap;

    NetworkSimplex(Kernel kernel, Monitor monitor) {
        this.kernel = kernel;
        this.monitor = monitor;
        this.assignment = new Assignment(kernel, monitor);
    }

    /** Makes room for a problem whose rounded costs go to {@link #costs()}. */
    void reserve(int sources, int targets) {
        n = sources;
        m = targets;
        stride = Kernel.padded(m);
        int nodes = stride + Kernel.padded(n);
        words = (nodes + 63) >>> 6;
        long cells = (long) Kernel.padded(n) * stride;
        if (cells > Integer.MAX_VALUE - 8 || nodes > MAX_NODES) {
            throw new IllegalArgumentException(
                    "a problem of " + n + " sources and " + m + " targets is too large");
        }
        if (costs.length < cells) {
            costs = new int[(int) cells];
        }
        if (parent.length < nodes) {
            parent = new int[nodes];
            flow = new long[nodes];
            exact = new double[nodes];
            potential = new int[nodes];
            potentialHigh = new double[nodes];
            potentialLow = new double[nodes];
            price = new int[nodes];
            keys = new long[nodes];
            order = new int[nodes];
            stack = new int[nodes];
            seen = new boolean[nodes];
            columns = new int[nodes];
            excess = new double[nodes];
            excessLow = new double[nodes];
        }
        if (descendants.length < nodes * words) {
            descendants = new long[nodes * words];
        }
    }

    /** The rounded costs, row-major with a padded row for each source. */
    int[] costs() {
        return costs;
    }

    /**
     * Bits that rounded costs may have so that no potential, nor the sum of a row or column,
     * reaches that of the padding: a potential is an alternating sum along a path, which passes
     * each node once.
     */
    static int bits(int sources, int targets) {
        int longest = Math.max(sources, targets) + 2;
        return Math.min(Kernel.MANTISSA, Integer.numberOfLeadingZeros(longest - 1) - 2);
    }

    /**
     * Solves the problem whose rounded costs are {@code (cost - least) * units}, each within {@code
     * error} of an integer there.
     *
     * @return the optimum of {@code sum c P}
     */
    double solve(
            double[] a, double[] b, Costs exactCosts, double least, double units, double error) {
        this.a = a;
        this.b = b;
        pivots = 0;
        monitor.check();
        if (isAssignment()) {
            assignmentBasis();
        } else {
            integerMasses();
            greedyBasis();
            optimise();
        }
        finish(exactCosts, least, units, error);
        return evaluate(units);
    }

    private boolean isAssignment() {
        if (n != m) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (a[i] != a[0] || b[i] != a[0]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Fills the workspace with the basis of an optimal assignment: its pairs, and the shortest
     * paths from one of them to all others.
     *
     * <p>Each target carries one unit more, and the paths' first source that many units more, than
     * a multiple of (targets + 1): as {@link #integerMasses()}, with the sides exchanged. A path's
     * arc then carries a unit for each target behind it, and the basis is feasible whatever the
     * paths.
     */
    private void assignmentBasis() {
        assignment.solve(costs, n);
        int first = assignment.shortestPaths(potential);
        Arrays.fill(potential, m, stride, 0);
        step = n + 1;
        long units = (1L << (Long.numberOfLeadingZeros(step) - 2)) / n;
        total = units * n;
        Arrays.fill(descendants, 0, (stride + n) * words, 0);
        for (int i = 0; i < n; i++) {
            include(i);
            include(stride + i);
            flow[i] = 1;
        }
        for (int k = n - 1; k > 0; k--) {
            int target = assignment.reached(k);
            int source = stride + assignment.row(target);
            flow[source] = units * step + 1 - flow[target];
            hang(source, target);
            int from = assignment.from(target);
            flow[assignment.column(from)] += flow[target];
            hang(target, stride + from);
        }
        root = stride + first;
        parent[root] = NONE;
        int target = assignment.column(first);
        flow[target] = units * step + 1;
        hang(target, root);
    }

    /** An upper bound on (value - optimum), relative to {@code sum |c| P}, of the last solve. */
    double gap() {
        return gap;
    }

    /** Pivots of the last solve. */
    long pivots() {
        return pivots;
    }

    private void integerMasses() {
        step = n + 1;
        total = 1L << (Long.numberOfLeadingZeros(step) - 2);
        integerMasses(a, n, stride);
        integerMasses(b, m, 0);
        for (int x = stride; x < stride + n; x++) {
            flow[x]++;
        }
        flow[0] += n;
    }

    private void integerMasses(double[] mass, int size, int first) {
        long left = total;
        int largest = 0;
        for (int i = 0; i < size; i++) {
            long units = Math.max(1, (long) (mass[i] * total + .5));
            flow[first + i] = units * step;
            left -= units;
            if (mass[i] > mass[largest]) {
                largest = i;
            }
        }
        flow[first + largest] += left * step;
    }

    /** Fills the workspace with a feasible spanning tree, hung on the source treated last. */
    private void greedyBasis() {
        kernel.columnSums(costs, n, stride, price);
        spend((long) n * stride);
        long mean = 0;
        for (int j = 0; j < m; j++) {
            price[j] /= n;
            mean += price[j];
        }
        for (int j = m; j < stride; j++) {
            price[j] = 0;
            potential[j] = 0;
        }
        // The row that loses most by not getting its cheapest column comes first.
        for (int i = 0; i < n; i++) {
            int row = i * stride;
            int j = kernel.cheapest(costs, row, stride, price);
            spend(stride);
            long regret = costs[row + j] - price[j] - (sum(row) - mean) / m;
            keys[i] = regret << 32 | i;
        }
        Arrays.sort(keys, 0, n);
        Arrays.fill(descendants, 0, (stride + n) * words, 0);
        for (int j = 0; j < m; j++) {
            include(j);
        }
        int size = 0;
        for (int k = 0; k < n; k++) {
            int i = (int) keys[k];
            int x = stride + i;
            include(x);
            while (flow[x] > 0) {
                int j = kernel.cheapest(costs, i * stride, stride, price);
                spend(stride);
                if (flow[j] > flow[x]) {
                    flow[j] -= flow[x];
                    hang(x, j);
                    break;
                }
                flow[x] -= flow[j];
                price[j] = CLOSED;
                hang(j, x);
                order[size++] = j;
            }
            order[size++] = x;
        }
        root = order[size - 1];
        parent[root] = NONE;
        potential[root] = 0;
        for (int k = size - 2; k >= 0; k--) {
            int x = order[k];
            int up = parent[x];
            potential[x] =
                    x < stride
                            ? potential[up] + costs[(up - stride) * stride + x]
                            : potential[up] - costs[(x - stride) * stride + up];
        }
    }

    private int sum(int row) {
        int sum = 0;
        for (int j = row; j < row + m; j++) {
            sum += costs[j];
        }
        return sum;
    }

    private void include(int x) {
        descendants[x * words + (x >>> 6)] |= 1L << x;
    }

    private void hang(int x, int up) {
        parent[x] = up;
        for (int w = 0; w < words; w++) {
            descendants[up * words + w] |= descendants[x * words + w];
        }
    }

    /** Pivots until no arc has a negative reduced cost. */
    private void optimise() {
        // Rows that are priced together: they cost time and save pivots.
        int block = Math.min(n, Math.max(1, kernel.bits() / stride));
        int from = 0;
        for (int clean = 0; clean < n; ) {
            int to = Math.min(n, from + block);
            long found = kernel.price(costs, stride, potential, from, to);
            spend((to - from) * stride);
            if (found >= 0) {
                int row = (int) (found >>> 32);
                int column = (int) found;
                int reduced =
                        costs[row * stride + column] + potential[stride + row] - potential[column];
                int leaving = leaving(stride + row, column);
                kernel.shift(
                        potential,
                        descendants,
                        leaving * words,
                        words,
                        onRowSide ? -reduced : reduced);
                pivot(stride + row, column, leaving);
                clean = 0;
            } else {
                clean += to - from;
            }
            from = to == n ? 0 : to;
        }
    }

    private void spend(long entries) {
        work += entries;
        if (work > ENTRIES_BETWEEN_CHECKS) {
            work = 0;
            monitor.check();
        }
    }

    /**
     * The node whose arc to its parent runs empty first when mass enters from row to column. Mass
     * leaves the arcs above the row's side whose lower end is a source, and those above the column
     * whose lower end is a target.
     */
    private int leaving(int row, int column) {
        long least = Long.MAX_VALUE;
        int leaving = NONE;
        int x = row;
        int word = column >>> 6;
        long bit = 1L << column;
        for (; (descendants[x * words + word] & bit) == 0; x = parent[x]) {
            if (x >= stride && flow[x] < least) {
                least = flow[x];
                leaving = x;
            }
        }
        apex = x;
        onRowSide = true;
        for (x = column; x != apex; x = parent[x]) {
            if (x < stride && flow[x] < least) {
                least = flow[x];
                leaving = x;
                onRowSide = false;
            }
        }
        return leaving;
    }

    /** Sends mass around the cycle and hangs what it cuts off on the arc that entered. */
    private void pivot(int row, int column, int leaving) {
        if (++pivots > 10_000 + 1_000L * (n + m)) {
            throw new ArithmeticException(
                    "no optimal plan between "
                            + n
                            + " sources and "
                            + m
                            + " targets after "
                            + (pivots - 1)
                            + " pivots");
        }
        long moved = flow[leaving];
        for (int x = row; x != apex; x = parent[x]) {
            flow[x] += x < stride ? moved : -moved;
        }
        for (int x = column; x != apex; x = parent[x]) {
            flow[x] += x < stride ? -moved : moved;
        }
        if (onRowSide) {
            rehang(row, column, moved, leaving);
        } else {
            rehang(column, row, moved, leaving);
        }
    }

    /** Hangs the subtree of {@code leaving} on {@code to} by its node {@code end}. */
    private void rehang(int end, int to, long moved, int leaving) {
        int above = parent[leaving];
        int x = end;
        int up = to;
        long carried = moved;
        while (x != leaving) {
            int next = parent[x];
            long before = flow[x];
            parent[x] = up;
            flow[x] = carried;
            carried = before;
            up = x;
            x = next;
        }
        parent[leaving] = up;
        flow[leaving] = carried;
        for (int w = 0; w < words; w++) {
            long subtree = descendants[leaving * words + w];
            if (subtree == 0) {
                continue;
            }
            for (int y = above; y != apex; y = parent[y]) {
                descendants[y * words + w] &= ~subtree;
            }
            for (int y = to; y != apex; y = parent[y]) {
                descendants[y * words + w] |= subtree;
            }
            // The path now runs upwards from leaving to end; a node of it keeps what the next one
            // above, which hung on it, did not have.
            for (int y = leaving; y != end; y = parent[y]) {
                descendants[y * words + w] = subtree & ~descendants[parent[y] * words + w];
            }
            descendants[end * words + w] = subtree;
        }
    }

    /** Pivots on exact costs until no arc has a reduced cost below the tolerance. */
    private void finish(Costs exactCosts, double least, double units, double error) {
        topDown();
        double cost = 0;
        double absolute = 0;
        double scale = Math.scalb(1 / units, Kernel.MANTISSA) + Math.abs(least);
        potentialHigh[root] = 0;
        potentialLow[root] = 0;
        round(root, least, units);
        for (int k = 1; k < n + m; k++) {
            int x = order[k];
            int up = parent[x];
            exact[x] = cost(exactCosts, x);
            absolute += flow[x] * Math.abs(exact[x]);
            potentialHigh[x] = potentialHigh[up];
            potentialLow[x] = potentialLow[up];
            add(x, x < stride ? exact[x] : -exact[x]);
            round(x, least, units);
        }
        double mass = (double) step * total;
        // Rounding of both potentials, half a unit each, comes on top. Where rounding leaves
        // nothing
        // to go by, every arc is priced.
        boolean blind = error > Kernel.PADDING / 4;
        int slack = blind ? 0 : (int) Math.ceil(error) + 2;
        violation = 0;
        int row = 0;
        for (int clean = 0; clean < n; clean++) {
            int source = stride + row;
            int count =
                    kernel.below(
                            costs,
                            row * stride,
                            stride,
                            potential,
                            blind ? Integer.MAX_VALUE : slack - potential[source],
                            columns);
            spend(stride + 64 * count);
            double best = 0;
            int column = NONE;
            for (int k = 0; k < count; k++) {
                int j = columns[k];
                if (j < m && parent[j] != source && parent[source] != j) {
                    double reduced = reduced(exactCosts.cost(row, j), source, j);
                    if (reduced < best) {
                        best = reduced;
                        column = j;
                    }
                }
            }
            double tolerance =
                    Math.max(RELATIVE_TOLERANCE * absolute / mass, TOLERANCE_FLOOR * scale);
            if (best < -tolerance) {
                int leaving = leaving(source, column);
                absolute += flow[leaving] * best;
                shift(leaving, onRowSide ? -best : best, least, units);
                int end = onRowSide ? source : column;
                pivot(source, column, leaving);
                exact[leaving] = cost(exactCosts, leaving);
                for (int x = leaving; x != end; x = parent[x]) {
                    exact[parent[x]] = cost(exactCosts, parent[x]);
                }
                clean = -1;
                violation = 0;
            } else {
                violation = Math.max(violation, -best);
            }
            row = row + 1 == n ? 0 : row + 1;
        }
    }

    private double cost(Costs exactCosts, int x) {
        return x < stride
                ? exactCosts.cost(parent[x] - stride, x)
                : exactCosts.cost(x - stride, parent[x]);
    }

    /** {@code cost + p_source - p_target}. */
    private double reduced(double cost, int source, int target) {
        double p = potentialHigh[source];
        double q = potentialHigh[target];
        double difference = p - q;
        double back = difference - p;
        double rest = (p - (difference - back)) - (q + back);
        double sum = difference + cost;
        back = sum - difference;
        rest += (difference - (sum - back)) + (cost - back);
        return sum + (rest + (potentialLow[source] - potentialLow[target]));
    }

    private void add(int x, double term) {
        double high = potentialHigh[x];
        double sum = high + term;
        double back = sum - high;
        double rest = (high - (sum - back)) + (term - back) + potentialLow[x];
        potentialHigh[x] = sum + rest;
        potentialLow[x] = rest - (potentialHigh[x] - sum);
    }

    private void round(int x, double least, double units) {
        potential[x] = (int) Math.rint((potentialHigh[x] + (x < stride ? 0 : least)) * units);
    }

    /** Adds a number to the exact potentials of a subtree. */
    private void shift(int top, double delta, double least, double units) {
        for (int w = 0; w < words; w++) {
            for (long word = descendants[top * words + w]; word != 0; word &= word - 1) {
                int x = 64 * w + Long.numberOfTrailingZeros(word);
                add(x, delta);
                round(x, least, units);
            }
        }
    }

    /** Orders the nodes so that each comes after its parent. */
    private void topDown() {
        Arrays.fill(seen, 0, stride + n, false);
        seen[root] = true;
        order[0] = root;
        int size = 1;
        for (int node = 0; node < stride + n; node++) {
            if (node == m) {
                node = stride;
            }
            int top = 0;
            for (int x = node; !seen[x]; x = parent[x]) {
                stack[top++] = x;
            }
            while (top > 0) {
                int x = stack[--top];
                seen[x] = true;
                order[size++] = x;
            }
        }
    }

    /** Sends the masses as given along the basis; returns what that costs. */
    private double evaluate(double units) {
        topDown();
        balance();
        double negative = 0;
        double cost = 0;
        double rest = 0;
        gross = 0;
        for (int k = n + m - 1; k > 0; k--) {
            int x = order[k];
            int up = parent[x];
            double mass = x < stride ? -excess[x] : excess[x];
            if (mass < 0) {
                // The masses of the basis are positive up to the rounding to integers.
                negative -= mass;
                excess[x] = 0;
                continue;
            }
            double high = excess[up];
            double sum = high + excess[x];
            double back = sum - high;
            double low =
                    (high - (sum - back)) + (excess[x] - back) + (excessLow[up] + excessLow[x]);
            excess[up] = sum + low;
            excessLow[up] = low - (excess[up] - sum);
            double term = mass * exact[x];
            gross += Math.abs(term);
            double next = cost + term;
            back = next - cost;
            rest += (cost - (next - back)) + (term - back);
            cost = next;
        }
        double largest = Math.scalb(1 / units, Kernel.MANTISSA);
        double absolute = violation + negative * largest;
        gap = absolute == 0 ? 0 : absolute / (gross > 0 ? gross : largest);
        return cost + rest;
    }

    /** Fills the excesses; the largest source takes what rounding left between the two sides. */
    private void balance() {
        double sum = 0;
        double rest = 0;
        int largest = 0;
        for (int i = 0; i < n + m; i++) {
            double term = i < n ? a[i] : -b[i - n];
            int x = i < n ? stride + i : i - n;
            excess[x] = term;
            excessLow[x] = 0;
            double next = sum + term;
            double back = next - sum;
            rest += (sum - (next - back)) + (term - back);
            sum = next;
            if (i < n && a[i] > a[largest]) {
                largest = i;
            }
        }
        excessLow[stride + largest] = -(sum + rest);
    }

    /**
     * The plan of the last solve, between the points with mass.
     *
     * @param cost its cost
     * @param gap its relative gap
     */
    TransportPlan plan(double cost, double gap) {
        int size = 0;
        for (int k = 1; k < n + m; k++) {
            int x = order[k];
            if (excess[x] != 0) {
                keys[size++] =
                        x < stride
                                ? (long) (parent[x] - stride) << 32 | x
                                : (long) (x - stride) << 32 | parent[x];
            }
        }
        Arrays.sort(keys, 0, size);
        int[] source = new int[size];
        int[] target = new int[size];
        double[] mass = new double[size];
        for (int k = 0; k < size; k++) {
            source[k] = (int) (keys[k] >>> 32);
            target[k] = (int) keys[k];
            int x = stride + source[k];
            mass[k] = Math.abs(excess[parent[x] == target[k] ? x : target[k]]);
        }
        double[] u = new double[n];
        for (int i = 0; i < n; i++) {
            u[i] = -potentialHigh[stride + i];
        }
        return new TransportPlan(
                cost, source, target, mass, u, Arrays.copyOf(potentialHigh, m), gap);
    }
}
