package dev.sot.transport;

/** What it costs to move a unit of mass from x to y. */
public enum GroundCost {
    /** {@code |x - y|}. */
    EUCLIDEAN,
    /** {@code |x - y|^2}: not a metric; its order 1 is the square of the Euclidean order 2. */
    SQUARED_EUCLIDEAN,
    /** {@code 1 - cos(x, y)}, between 0 and 2; undefined where x or y is the zero vector. */
    COSINE,
    /** 0 if the points are equal, else 1: W1 is then the total variation distance. */
    ZERO_ONE
}
