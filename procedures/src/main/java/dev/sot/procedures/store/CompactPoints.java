package dev.sot.procedures.store;

import dev.sot.transport.Distribution;
import dev.sot.transport.PointTable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * The points of a space that some distributions rest on, in a table of their own.
 *
 * @param points the table
 * @param positions corpus position of each row of the table, ascending
 */
public record CompactPoints(PointTable points, int[] positions) {

    /** Reads the points of distributions over positions of the corpus. */
    public static CompactPoints of(Transaction tx, Node space, List<Distribution> distributions) {
        BitSet used = new BitSet();
        for (Distribution distribution : distributions) {
            IntStream.of(distribution.positions()).forEach(used::set);
        }
        int[] positions = used.stream().toArray();
        return new CompactPoints(SpaceStore.gather(tx, space, positions), positions);
    }

    /** The same distribution over rows of the table. */
    public Distribution rows(Distribution overPositions) {
        return new Distribution(
                IntStream.of(overPositions.positions())
                        .map(p -> Arrays.binarySearch(positions, p))
                        .toArray(),
                overPositions.weights());
    }

    /** The same distribution over positions of the corpus. */
    public Distribution corpusPositions(Distribution overRows) {
        return new Distribution(
                IntStream.of(overRows.positions()).map(r -> positions[r]).toArray(),
                overRows.weights());
    }
}
