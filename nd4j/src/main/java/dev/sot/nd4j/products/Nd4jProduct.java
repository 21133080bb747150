package dev.sot.nd4j.products;

import dev.sot.nd4j.TileProduct;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.LinearAlgebra.Tile;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies the blocks of a tile out of the heap, has ND4J multiply them and adds the product.
 *
 * <p>OpenBLAS keeps to the calling thread, so that the result does not depend on how many threads
 * call, and the caller decides how many do.
 */
public final class Nd4jProduct implements TileProduct {

    /** Not in use; as many as threads have called at once. */
    private final Queue<Workspace> idle = new ConcurrentLinkedQueue<>();

    /** Starts ND4J. */
    public Nd4jProduct() {
        idle.add(new Workspace());
        Nd4j.factory().blas().setMaxThreads(1);
    }

    @Override
    public void add(double[][] left, double[][] right, double[][] into, Tile tile) {
        Workspace found = idle.poll();
        Workspace workspace = found == null ? new Workspace() : found;
        workspace.add(left, right, into, tile);
        idle.add(workspace);
    }

    /** Memory outside of the heap for one tile of full size. */
    private static final class Workspace {
        private final INDArray left = array(LinearAlgebra.TILE * LinearAlgebra.DEPTH);
        private final INDArray right = array(LinearAlgebra.TILE * LinearAlgebra.DEPTH);
        private final INDArray product = array(LinearAlgebra.TILE * LinearAlgebra.TILE);
        private final double[] row = new double[LinearAlgebra.TILE];

        private static INDArray array(int length) {
            return Nd4j.createUninitialized(DataType.DOUBLE, length);
        }

        void add(double[][] leftRows, double[][] rightRows, double[][] into, Tile tile) {
            int depth = tile.toDepth() - tile.fromDepth();
            int rows = tile.toRow() - tile.fromRow();
            int columns = tile.toColumn() - tile.fromColumn();
            copy(leftRows, tile.fromDepth(), depth, tile.fromRow(), rows, left);
            copy(rightRows, tile.fromDepth(), depth, tile.fromColumn(), columns, right);
            // A block of rows is the transpose of a block of columns, in whose terms BLAS is
            // defined: right' left has the product in the order of its rows.
            Nd4j.gemm(
                    matrix(right, columns, depth),
                    matrix(left, rows, depth),
                    matrix(product, columns, rows),
                    false,
                    true,
                    1,
                    0);
            DoublePointer from = (DoublePointer) product.data().pointer();
            for (int i = 0; i < rows; i++) {
                from.position((long) i * columns).get(row, 0, columns);
                double[] to = into[tile.fromRow() + i];
                for (int j = 0; j < columns; j++) {
                    to[tile.fromColumn() + j] += row[j];
                }
            }
            from.position(0);
        }

        private static void copy(
                double[][] rows, int fromRow, int count, int from, int length, INDArray array) {
            DoublePointer to = (DoublePointer) array.data().pointer();
            for (int k = 0; k < count; k++) {
                to.position((long) k * length).put(rows[fromRow + k], from, length);
            }
            to.position(0);
        }

        /** The array's beginning as a matrix by columns. */
        private static INDArray matrix(INDArray array, int rows, int columns) {
            return Nd4j.create(
                    array.data(), new long[] {rows, columns}, new long[] {1, rows}, 0, 'f');
        }
    }
}
