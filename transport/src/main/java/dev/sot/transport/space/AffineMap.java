package dev.sot.transport.space;

import dev.sot.transport.Monitor;
import dev.sot.transport.linear.LinearAlgebra;

/**
 * Places the states of one layer in a space, {@code h -> offset + directions (h - centre)}.
 * Immutable; arrays are not copied and must not be changed.
 *
 * @param centre length inputDimension
 * @param directions dimension x inputDimension
 * @param offset length dimension
 */
public record AffineMap(double[] centre, double[][] directions, double[] offset) {

    /** The number of coordinates of a point. */
    public int dimension() {
        return offset.length;
    }

    /**
     * Places states.
     *
     * <p>Time {@code O(count x inputDimension x dimension)}.
     *
     * @param states row-major {@code [count, inputDimension]}
     * @param count how many of them
     * @return row-major {@code [count, dimension]}
     */
    public float[] apply(
            float[] states, int count, LinearAlgebra algebra, int concurrency, Monitor monitor) {
        double[][] centred = new double[count][centre.length];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < centre.length; k++) {
                centred[i][k] = states[i * centre.length + k] - centre[k];
            }
        }
        double[][] projected = algebra.project(centred, count, directions, concurrency, monitor);
        float[] points = new float[count * dimension()];
        for (int i = 0; i < count; i++) {
            for (int r = 0; r < dimension(); r++) {
                points[i * dimension() + r] = (float) (projected[i][r] + offset[r]);
            }
        }
        return points;
    }
}
