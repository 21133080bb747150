package dev.sot.transport.space;

import dev.sot.transport.Monitor;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import dev.sot.transport.linear.SingularValues;
import java.util.Arrays;

/**
 * How far the states of other positions leave a space.
 *
 * @param angle largest principal angle, in degrees, between the space and the span of the states:
 *     their main directions, the fewest that hold {@link #MAIN_SHARE} of what their first principal
 *     components hold, as many as the space has. Directions with less variance are determined badly
 *     by any sample and are left out
 * @param coverage variance of the states along the space's directions, as a share of what as many
 *     directions could hold
 */
public record Departure(double angle, double coverage) {

    /** Share of the variance that makes directions main ones. */
    public static final double MAIN_SHARE = 0.9;

    /** Angle beyond which states leave a space. */
    public static final double LARGEST_ANGLE = 45;

    /**
     * Whether a main direction of the states is nearer to being outside of the space than in it.
     */
    public boolean leaves() {
        return angle > LARGEST_ANGLE;
    }

    /**
     * Compares. Time that of {@link PrincipalSpace#of}.
     *
     * @param space fitted on other states
     * @param states moments of these
     */
    public static Departure of(
            PrincipalSpace space,
            Moments states,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        PrincipalSpace own =
                PrincipalSpace.of(states, space.dimension(), false, algebra, concurrency, monitor);
        double possible = Arrays.stream(own.eigenvalues()).sum();
        int main = 0;
        for (double held = 0; held < MAIN_SHARE * possible; main++) {
            held += own.eigenvalues()[main];
        }
        return new Departure(
                largestAngle(
                        Arrays.copyOf(own.directions(), main),
                        space.directions(),
                        algebra,
                        concurrency,
                        monitor),
                Math.min(1, variance(space, states, algebra, concurrency, monitor) / possible));
    }

    /** The variance, with divisor n - 1, of states along a space's directions. */
    public static double variance(
            PrincipalSpace space,
            Moments states,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        int d = states.dimension();
        double[][] symmetric = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                symmetric[i][j] = states.scatter()[i][j];
                symmetric[j][i] = symmetric[i][j];
            }
        }
        double[][] directions = space.directions();
        double[][] products = algebra.project(symmetric, d, directions, concurrency, monitor);
        double sum = 0;
        for (int i = 0; i < d; i++) {
            for (int r = 0; r < directions.length; r++) {
                sum += products[i][r] * directions[r][i];
            }
        }
        return sum / (states.count() - 1);
    }

    /**
     * The largest principal angle between two spans, in degrees: how far the direction of the
     * smaller one that is farthest from the larger one is from it. From sine and cosine, so that it
     * is exact to rounding both near 0 and near 90 (Bjoerck and Golub, 1973).
     *
     * @param span orthonormal, one a row, at least one and at most as many as of the other
     * @param other orthonormal, one a row
     */
    public static double largestAngle(
            double[][] span,
            double[][] other,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        if (span.length > other.length) {
            throw new IllegalArgumentException(
                    span.length + " directions are not to be had among " + other.length);
        }
        double[][] products = algebra.project(span, span.length, other, concurrency, monitor);
        double[][] rest = new double[span.length][];
        for (int i = 0; i < span.length; i++) {
            rest[i] = span[i].clone();
            for (int j = 0; j < other.length; j++) {
                for (int k = 0; k < rest[i].length; k++) {
                    rest[i][k] -= products[i][j] * other[j][k];
                }
            }
        }
        SingularValues cosines = algebra.singularValues(products, concurrency, monitor);
        SingularValues sines = algebra.singularValues(rest, concurrency, monitor);
        // Values that vanish to rounding are left out.
        double cosine =
                cosines.values().length < span.length ? 0 : cosines.values()[span.length - 1];
        double sine = sines.values().length == 0 ? 0 : sines.values()[0];
        return Math.toDegrees(Math.atan2(sine, cosine));
    }
}
