package dev.sot.procedures.space;

/** Makes points of vectors. */
@FunctionalInterface
interface Placement {

    /**
     * The points of some vectors.
     *
     * @param vectors row by row, only lent
     * @param count how many of them
     * @return row by row
     */
    float[] place(float[] vectors, int count);
}
