package dev.sot.procedures.space;

import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpaceStore;
import java.util.BitSet;

/**
 * Cuts points, which come by ascending position, into the blocks that the store keeps. It goes on
 * where a space ends: a last block that is not full is filled first.
 */
final class PointWriter {

    private final BatchWriter writer;
    private final BatchWriter.Handle space;
    private final int positions;
    private final int dimension;
    private final BitSet excluded;
    private final int rows;
    private float[] block;
    private int next;

    /**
     * A writer.
     *
     * @param first position of the first point
     * @param positions number of positions of the space with those that are written
     * @param excluded positions that no distribution may rest on, also those before the first that
     *     share its block
     */
    PointWriter(
            BatchWriter writer,
            BatchWriter.Handle space,
            int first,
            int positions,
            int dimension,
            BitSet excluded) {
        this.writer = writer;
        this.space = space;
        this.positions = positions;
        this.dimension = dimension;
        this.excluded = excluded;
        this.rows = SpaceStore.rowsPerBlock(dimension);
        this.next = first;
        int row = first % rows;
        if (row > 0) {
            block = new float[inBlock(row) * dimension];
            System.arraycopy(
                    SpaceStore.block(writer.tx(), space.node(), first - row).values(),
                    0,
                    block,
                    0,
                    row * dimension);
        }
    }

    private int inBlock(int row) {
        return Math.min(rows, positions - (next - row));
    }

    /** Adds one point as that of the next {@code count} positions. */
    void add(float[] values, int offset, int count) {
        for (int i = 0; i < count; i++) {
            int row = next % rows;
            int inBlock = inBlock(row);
            if (row == 0) {
                block = new float[inBlock * dimension];
            }
            System.arraycopy(values, offset, block, row * dimension, dimension);
            if (row == inBlock - 1) {
                SpaceStore.writeBlock(
                        writer,
                        space,
                        new CorpusStore.Block(next - row, inBlock, dimension, block),
                        excluded);
            }
            next++;
        }
    }
}
