package dev.sot.nd4j;

import dev.sot.transport.linear.LinearAlgebra;

/** What is called across the class loaders: the tile of {@link LinearAlgebra}. */
public interface TileProduct {

    /**
     * Adds one tile of {@code left'right}.
     *
     * @param left depth x rows
     * @param right depth x columns
     * @param into rows x columns
     */
    void add(double[][] left, double[][] right, double[][] into, LinearAlgebra.Tile tile);
}
