package dev.sot.transport.search;

/**
 * What became of the pairs of a search. Every pair is in exactly one of {@code excludedBySummary},
 * {@code excludedByPotential}, {@code excludedByDual}, {@code known}, {@code exact} and {@code
 * open}.
 *
 * @param pairs sources times targets, without each feature's pair with itself
 * @param excludedBySummary shown to be no neighbours by the bound from summary vectors
 * @param excludedByPotential by the bound from a potential on the table of points
 * @param excludedByDual by {@link dev.sot.transport.Wasserstein#lowerBound}
 * @param known exact distances that a {@link PairMemory} knew
 * @param exact exact distances computed
 * @param open left undecided by the budget
 * @param dualBounds how often the dual bound was computed
 */
public record SearchCounts(
        long pairs,
        long excludedBySummary,
        long excludedByPotential,
        long excludedByDual,
        long known,
        long exact,
        long open,
        long dualBounds) {

    static final SearchCounts NONE = new SearchCounts(0, 0, 0, 0, 0, 0, 0, 0);

    SearchCounts plus(SearchCounts other) {
        return new SearchCounts(
                pairs + other.pairs,
                excludedBySummary + other.excludedBySummary,
                excludedByPotential + other.excludedByPotential,
                excludedByDual + other.excludedByDual,
                known + other.known,
                exact + other.exact,
                open + other.open,
                dualBounds + other.dualBounds);
    }
}
