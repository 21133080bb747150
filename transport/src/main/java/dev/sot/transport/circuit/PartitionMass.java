package dev.sot.transport.circuit;

/**
 * What becomes of the absolute weight of the links between members when they are grouped. The three
 * shares refer to the links with both ends in the partition and add up to 1; without any such
 * weight, all of nothing is retained.
 *
 * @param internalMass share hidden inside groups, links of a node to itself included
 * @param cancelledMass share lost where links of opposite sign meet in one superedge
 * @param retainedMass share that the signed superedges still carry
 * @param largestCycle groups in the largest strongly connected component of the quotient over
 *     superedges of non-zero absolute weight: 1 when the quotient is acyclic, 0 without groups
 * @param superedges number of superedges
 */
public record PartitionMass(
        double internalMass,
        double cancelledMass,
        double retainedMass,
        int largestCycle,
        int superedges) {}
