package dev.sot.transport.match;

/**
 * A match. What is not known is not a number.
 *
 * @param source index among the sources
 * @param target index among the targets
 * @param rank 1 for the first of a source
 * @param distance of the two
 * @param score the distance with its correction, which ranks are by
 * @param runnerUp index of the next best target, or -1
 * @param second distance of the nearest target but this one
 * @param mutual whether the source is the best for the target as well
 * @param statistic what tells a match from that of a feature without a partner, the smaller the
 *     better; only of rank 1
 * @param pValue how often a feature without a partner has such a statistic; only of rank 1
 * @param qValue the smallest level at which it is certified; only of rank 1
 */
public record Match(
        int source,
        int target,
        int rank,
        double distance,
        double score,
        int runnerUp,
        double second,
        boolean mutual,
        double statistic,
        double pValue,
        double qValue) {

    Match withMutual(boolean isMutual) {
        return new Match(
                source, target, rank, distance, score, runnerUp, second, isMutual, statistic,
                pValue, qValue);
    }

    Match withValues(double p, double q) {
        return new Match(
                source, target, rank, distance, score, runnerUp, second, mutual, statistic, p, q);
    }

    /** How much farther the nearest other target is; negative where it is nearer. */
    public double margin() {
        return second - distance;
    }

    /** Whether the match is certified at a level of the false discovery rate. */
    public boolean certified(double level) {
        return FalseDiscoveryRate.certified(pValue, qValue, level);
    }
}
