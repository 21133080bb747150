package dev.sot.transport.search;

import java.util.List;

/**
 * What a search found.
 *
 * @param rows the neighbours of each source, in the order of the sources
 * @param counts what became of the pairs
 */
public record NeighbourTable(List<Neighbours> rows, SearchCounts counts) {

    /** The number of neighbours of all sources. */
    public long size() {
        return rows.stream().mapToLong(Neighbours::size).sum();
    }

    /** The number of sources whose neighbours are proved to be the nearest. */
    public long proved() {
        return rows.stream().filter(Neighbours::proved).count();
    }
}
