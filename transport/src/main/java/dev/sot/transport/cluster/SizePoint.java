package dev.sot.transport.cluster;

/**
 * One cut of a hierarchy.
 *
 * @param size number of groups
 * @param height smallest cut distance that gives so few groups: height of the last merge done, 0
 *     when none is
 * @param silhouette mean silhouette, see {@link PartitionQuality}; NaN with fewer than two groups
 * @param dispersion mean over items of the mean distance to all members of their group, themselves
 *     included
 * @param gap gap statistic, NaN unless asked for
 * @param gapError its standard error, NaN unless asked for
 * @param descriptionLength bits of the circuit's links by means of the groups
 * @param internalMass share of the links' absolute weight hidden inside groups
 * @param cancelledMass share lost where links of opposite sign meet in one superedge
 * @param retainedMass share that the signed superedges carry
 */
public record SizePoint(
        int size,
        double height,
        double silhouette,
        double dispersion,
        double gap,
        double gapError,
        double descriptionLength,
        double internalMass,
        double cancelledMass,
        double retainedMass) {}
