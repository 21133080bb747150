package dev.sot.transport.match.baseline;

import java.util.Arrays;

/**
 * Likeness of what features do on positions that both sides were recorded on: the strongest signal
 * there is where the same tokens went through both, and no signal at all where they did not.
 *
 * <p>A source costs the entries of the targets on the positions where it fires: for dictionaries of
 * which k features fire at a position, {@code O(firings x k)}, plus {@code O(targets)}. Memory 12
 * bytes a firing of the targets.
 */
public final class FiringLikeness implements Likeness {

    /** Share of the sum of squares below which what varies may be rounding. */
    private static final double ROUNDING = 1e-24;

    private final Recording sources;
    private final Recording targets;
    private final long count;
    private final boolean correlation;
    private final SparseRows byPosition;
    private final double[] sourceMean;
    private final double[] sourceDeviation;
    private final double[] targetMean;
    private final double[] targetDeviation;

    private FiringLikeness(Recording sources, Recording targets, long count, boolean correlation) {
        this.sources = sources;
        this.targets = targets;
        this.count = count;
        this.correlation = correlation;
        this.byPosition = new SparseRows(targets.positions(), targets.values());
        this.sourceMean = new double[sources.size()];
        this.sourceDeviation = new double[sources.size()];
        this.targetMean = new double[targets.size()];
        this.targetDeviation = new double[targets.size()];
        moments(sources, sourceMean, sourceDeviation);
        moments(targets, targetMean, targetDeviation);
    }

    /**
     * By the Pearson correlation of activations, which are 0 wherever a feature does not fire. A
     * feature that does not vary cannot be compared.
     *
     * @param count number of positions, with those on which nothing fires
     */
    public static FiringLikeness correlation(Recording sources, Recording targets, long count) {
        return new FiringLikeness(sources, targets, count, true);
    }

    /**
     * By the Jaccard index of the positions on which they fire: how many are shared, among those on
     * which either fires. A feature that never fires cannot be compared.
     */
    public static FiringLikeness jaccard(Recording sources, Recording targets) {
        return new FiringLikeness(sources, targets, 0, false);
    }

    private void moments(Recording recording, double[] mean, double[] deviation) {
        for (int f = 0; f < recording.size(); f++) {
            double[] values = recording.values().get(f);
            double squares = 0;
            for (double value : values) {
                mean[f] += value;
                squares += value * value;
            }
            mean[f] /= Math.max(1, count);
            double centred = (count - values.length) * mean[f] * mean[f];
            for (double value : values) {
                centred += (value - mean[f]) * (value - mean[f]);
            }
            deviation[f] = centred > ROUNDING * squares ? Math.sqrt(centred) : 0;
        }
    }

    @Override
    public int sources() {
        return sources.size();
    }

    @Override
    public int targets() {
        return targets.size();
    }

    @Override
    public void of(int source, double[] into) {
        Arrays.fill(into, 0, targets.size(), 0);
        int[] positions = sources.positions().get(source);
        double[] values = sources.values().get(source);
        for (int i = 0; i < positions.length; i++) {
            int end = byPosition.end(positions[i]);
            for (int e = byPosition.begin(positions[i]); e < end; e++) {
                into[byPosition.row(e)] += correlation ? values[i] * byPosition.value(e) : 1;
            }
        }
        for (int j = 0; j < targets.size(); j++) {
            into[j] = correlation ? correlation(source, j, into[j]) : jaccard(source, j, into[j]);
        }
    }

    private double correlation(int source, int target, double product) {
        double scale = sourceDeviation[source] * targetDeviation[target];
        return scale > 0
                ? Math.max(
                        -1,
                        Math.min(
                                1,
                                (product - count * sourceMean[source] * targetMean[target])
                                        / scale))
                : Double.NEGATIVE_INFINITY;
    }

    private double jaccard(int source, int target, double shared) {
        int one = sources.firings(source);
        int other = targets.firings(target);
        return one > 0 && other > 0 ? shared / (one + other - shared) : Double.NEGATIVE_INFINITY;
    }
}
