package dev.sot.procedures.match;

/**
 * A match. What is not known is not a number.
 *
 * @param source index among the sources
 * @param target index among the targets
 * @param rank 1 for the first of a source
 * @param distance of the two
 * @param runnerUp index of the next best target, or -1
 * @param margin distance of the runner-up minus that of the match
 * @param ratio distance of the match divided by that of the runner-up
 * @param mutual whether the source is the nearest to the target as well
 * @param pValue how often a feature without a partner stands out as much; only of rank 1
 * @param qValue the smallest level at which it is certified; only of rank 1
 */
public record Match(
        int source,
        int target,
        int rank,
        double distance,
        int runnerUp,
        double margin,
        double ratio,
        boolean mutual,
        double pValue,
        double qValue) {

    Match withMutual(boolean isMutual) {
        return new Match(
                source, target, rank, distance, runnerUp, margin, ratio, isMutual, pValue, qValue);
    }

    Match withValues(double p, double q) {
        return new Match(source, target, rank, distance, runnerUp, margin, ratio, mutual, p, q);
    }

    /** Whether the match is certified at a level of the false discovery rate. */
    public boolean certified(double level) {
        return qValue <= level;
    }
}
