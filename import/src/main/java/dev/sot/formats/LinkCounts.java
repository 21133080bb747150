package dev.sot.formats;

/**
 * What became of the links of a circuit file: {@code total = stored + dangling + duplicate}.
 *
 * @param total all links in the file
 * @param stored links that {@link CircuitDocument#forEachLink} yields
 * @param zero links with both ends whose weight is zero; stored
 * @param self links from a node to itself; stored
 * @param dangling links with an end that is no node of the file; not stored
 * @param duplicate links replaced by a later one with the same ends; not stored
 * @param ambiguous links with an end whose id a feature and an error share; stored at the one that
 *     the rules of {@link CircuitReader} choose
 */
public record LinkCounts(
        long total,
        long stored,
        long zero,
        long self,
        long dangling,
        long duplicate,
        long ambiguous) {}
