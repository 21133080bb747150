package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import java.util.Arrays;

/** Searches the neighbours of one source after the other; keeps a workspace, not thread-safe. */
final class RowSearch {

    /**
     * Exact distances are within this of the truth, relatively, and so are comparisons of bounds
     * with them.
     */
    private static final double ROUNDING = 1e-9;

    /** No penalties. */
    static final double[] NONE = {};

    private final Cloud[] targets;
    private final NeighbourQuery query;
    // What each target adds to its distance.
    private final double[] penalties;
    // What is known of pairs, or null, and the targets' numbers there.
    private final PairMemory memory;
    private final int[] numbers;
    private final Monitor monitor;
    private final Ruler ruler;
    private final SummaryIndex summaries;
    private final SharedPoints points;
    private final SharedPoints.Potential potential;
    private final Wasserstein wasserstein;
    private final Nearest nearest;

    // Targets that only a cheap bound speaks for, sorted in the end.
    private final long[] candidates;
    private final Cloud[] candidateClouds;
    // Targets with a dual bound.
    private final Keys.Queue bounded = new Keys.Queue();

    private Cloud source;
    private int number;
    private double radius;
    private double limit;
    private int known;
    private int solved;
    private long dualBounds;
    private SearchCounts counts;

    RowSearch(
            Geometry geometry,
            Cloud[] targets,
            NeighbourQuery query,
            double[] penalties,
            PairMemory memory,
            int[] numbers,
            SummaryIndex summaries,
            SharedPoints points,
            Monitor monitor) {
        this.targets = targets;
        this.query = query;
        this.penalties = penalties;
        this.memory = memory;
        this.numbers = numbers;
        this.monitor = monitor;
        this.ruler = new Ruler(geometry);
        this.summaries = summaries;
        this.points = points;
        this.potential = points == null ? null : points.new Potential();
        this.wasserstein = new Wasserstein(geometry, monitor);
        this.nearest = new Nearest(query.k());
        this.candidates = new long[targets.length];
        this.candidateClouds = new Cloud[points == null ? 0 : targets.length];
    }

    /** Bytes of workspace. */
    static long bytes(int targets, boolean sharedPoints, int tableRows) {
        return 8L * targets
                + (sharedPoints ? 4L * targets + SharedPoints.potentialBytes(tableRows) : 0);
    }

    /**
     * Finds the neighbours of a source.
     *
     * @param source the source
     * @param number the source's number in the memory
     * @param self the target to leave out, or -1
     * @param radius the largest norm of a point of the source
     * @param limit the largest distance, with its penalty, of a neighbour
     * @param squares the source's values of {@link SummaryIndex#squares}, overwritten
     */
    Neighbours search(
            Cloud source, int number, int self, double radius, double limit, float[] squares) {
        this.source = source;
        this.number = number;
        this.radius = radius;
        this.limit = limit;
        nearest.clear();
        bounded.clear();
        known = 0;
        solved = 0;
        dualBounds = 0;
        int others = targets.length;
        if (self >= 0) {
            squares[self] = Float.NaN;
            others--;
        }
        if (query.k() < others) {
            solveSeeds(squares, others);
        }
        int seeds = bounded.size() + known + solved;
        double threshold = limit();
        int kept = excludeBySummary(squares, threshold);
        int bySummary = others - seeds - kept;
        int unknown = memory == null ? kept : recall(kept);
        threshold = limit();
        boolean withPotential = potential != null && worthwhile(unknown);
        int left = withPotential ? excludeByPotential(unknown, threshold) : unknown;
        int byPotential = unknown - left;
        boolean excluded = bySummary + byPotential > 0;
        Arrays.sort(candidates, 0, left);

        boolean needsBounds =
                query.k() < others || limit < Double.POSITIVE_INFINITY || query.budget() < others;
        int at = 0;
        boolean proved = true;
        while (at < left || bounded.size() > 0) {
            monitor.check();
            long candidate = at < left ? candidates[at] : Long.MAX_VALUE;
            long best = bounded.least();
            if (Keys.bound(Math.min(candidate, best)) > limit()) {
                break;
            }
            if (candidate < best) {
                at++;
                if (needsBounds) {
                    bound(candidate);
                } else {
                    solve(Keys.target(candidate));
                }
            } else if (solved < query.budget()) {
                bounded.removeLeast();
                solve(Keys.target(best));
            } else {
                proved = false;
                break;
            }
        }
        int undecided = at;
        while (undecided < left && Keys.bound(candidates[undecided]) <= limit()) {
            undecided++;
        }
        int open = undecided - at;
        int byDual = 0;
        for (int i = 0; i < bounded.size(); i++) {
            if (Keys.bound(bounded.get(i)) > limit()) {
                byDual++;
            } else {
                open++;
            }
        }
        if (withPotential) {
            byPotential += left - undecided;
        } else {
            bySummary += left - undecided;
        }
        counts =
                new SearchCounts(
                        others, bySummary, byPotential, byDual, known, solved, open, dualBounds);
        double remaining = excluded ? threshold : Double.POSITIVE_INFINITY;
        if (at < left) {
            remaining = Math.min(remaining, Keys.bound(candidates[at]));
        }
        if (bounded.size() > 0) {
            remaining = Math.min(remaining, Keys.bound(bounded.least()));
        }
        return new Neighbours(nearest.targets(), nearest.distances(), proved, remaining);
    }

    /** What became of the pairs of the last source. */
    SearchCounts counts() {
        return counts;
    }

    /** A target whose distance is above this is no neighbour, whatever is found later. */
    private double limit() {
        return Math.min(limit, nearest.worst()) * (1 + ROUNDING);
    }

    /**
     * Solves k targets that promise to be near, so that later stages have a limit: of the 2 k with
     * the least summary bounds those with the least dual bounds. Marks the 2 k as seen.
     */
    private void solveSeeds(float[] squares, int others) {
        Nearest seeds = new Nearest((int) Math.min(2L * query.k(), others));
        for (int t = 0; t < targets.length; t++) {
            // Roots are taken only where penalties need them.
            double score = penalties == NONE ? squares[t] : summaryBound(t, squares);
            if (score < seeds.worst()) {
                seeds.offer(t, score, score);
            }
        }
        for (int t : seeds.targets()) {
            monitor.check();
            long key = Keys.of(summaryBound(t, squares), t);
            if (!recall(key)) {
                bound(key);
            }
            squares[t] = Float.NaN;
        }
        while (known + solved < query.k() && solved < query.budget() && bounded.size() > 0) {
            long best = bounded.least();
            if (Keys.bound(best) > limit()) {
                break;
            }
            bounded.removeLeast();
            solve(Keys.target(best));
        }
    }

    private int excludeBySummary(float[] squares, double threshold) {
        double most = summaries.square(ruler.length(threshold), radius);
        int kept = 0;
        for (int t = 0; t < targets.length; t++) {
            // False for those seen, which are not numbers.
            if (squares[t] <= most) {
                double bound = summaryBound(t, squares);
                if (bound <= threshold) {
                    candidates[kept++] = Keys.of(bound, t);
                }
            }
        }
        return kept;
    }

    /** Makes use of what is known of candidates; those of which nothing is known stay. */
    private int recall(int kept) {
        int unknown = 0;
        for (int c = 0; c < kept; c++) {
            if (!recall(candidates[c])) {
                candidates[unknown++] = candidates[c];
            }
        }
        return unknown;
    }

    /** Makes use of what is known of a target; whether anything is. */
    private boolean recall(long key) {
        if (memory == null) {
            return false;
        }
        int target = Keys.target(key);
        double recalled = memory.recall(number, numbers[target]);
        if (Double.isNaN(recalled)) {
            return false;
        }
        if (PairMemory.isBound(recalled)) {
            bounded(key, -recalled);
        } else {
            known++;
            offer(target, recalled);
        }
        return true;
    }

    private double summaryBound(int target, float[] squares) {
        return ruler.distance(summaries.length(squares[target], radius)) + penalty(target);
    }

    private double penalty(int target) {
        return penalties == NONE ? 0 : penalties[target];
    }

    /** Whether a potential costs less than half of the dual bounds that it could save. */
    private boolean worthwhile(int kept) {
        long targetPoints = 0;
        for (int c = 0; c < kept; c++) {
            targetPoints += targets[Keys.target(candidates[c])].size();
        }
        return points.size() <= targetPoints / 2;
    }

    private int excludeByPotential(int kept, double threshold) {
        for (int c = 0; c < kept; c++) {
            candidateClouds[c] = targets[Keys.target(candidates[c])];
        }
        potential.prepare(source, candidateClouds, kept, Math.max(radius, summaries.radius()));
        int left = 0;
        for (int c = 0; c < kept; c++) {
            int target = Keys.target(candidates[c]);
            double bound = ruler.distance(potential.length(candidateClouds[c])) + penalty(target);
            if (bound <= threshold) {
                candidates[left++] = Keys.of(Math.max(bound, Keys.bound(candidates[c])), target);
            }
        }
        return left;
    }

    private void bound(long key) {
        int target = Keys.target(key);
        double bound = wasserstein.lowerBound(source, targets[target]);
        dualBounds++;
        if (memory != null) {
            memory.bound(number, numbers[target], bound);
        }
        bounded(key, bound);
    }

    private void bounded(long key, double bound) {
        int target = Keys.target(key);
        bounded.add(Keys.of(Math.max(bound + penalty(target), Keys.bound(key)), target));
    }

    private void solve(int target) {
        double distance = wasserstein.distance(source, targets[target]);
        solved++;
        if (memory != null) {
            memory.distance(number, numbers[target], distance);
        }
        offer(target, distance);
    }

    private void offer(int target, double distance) {
        double score = distance + penalty(target);
        if (score <= limit) {
            nearest.offer(target, score, distance);
        }
    }
}
