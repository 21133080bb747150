package dev.sot.transport.search;

import java.util.List;

/**
 * What a search found.
 *
 * @param rows the neighbours of each source, in the order of the sources
 * @param counts what became of the pairs
 */
public record NeighbourTable(List<Neighbours> rows, SearchCounts counts) {}
