package dev.sot.transport.space;

import dev.sot.transport.Monitor;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import java.util.Arrays;
import java.util.List;

/**
 * The affine map from the states x of one layer to the points y of a space that minimises
 *
 * <pre>    sum |y - offset - B'(x - mean x)|^2 + lambda |B|^2,    lambda = penalty tr(X'X) / d
 * </pre>
 *
 * over paired positions, with X the centred states. The penalty is a share of the states' mean
 * squared spread along a coordinate, and so has no unit. Time {@code O(d^3)} a penalty tried.
 *
 * @param map the map
 * @param penalty that it was fitted with
 */
public record RidgeMap(AffineMap map, double penalty) {

    /** Penalties among which {@link #chosen} chooses. */
    public static final List<Double> PENALTIES = List.of(1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0);

    /**
     * The map with a given penalty.
     *
     * @param pairs moments of the rows {@code [x, y]}
     * @param inputs number of coordinates of x
     * @param penalty positive
     */
    public static RidgeMap of(
            Moments pairs,
            int inputs,
            double penalty,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        int outputs = pairs.dimension() - inputs;
        double[][] scatter = pairs.scatter();
        double[][] gram = new double[inputs][inputs];
        double[][] cross = new double[inputs][outputs];
        double trace = 0;
        for (int i = 0; i < inputs; i++) {
            System.arraycopy(scatter[i], i, gram[i], i, inputs - i);
            System.arraycopy(scatter[i], inputs, cross[i], 0, outputs);
            trace += gram[i][i];
        }
        if (!(trace > 0)) {
            throw new IllegalStateException(
                    "all " + pairs.count() + " hidden states are equal: they predict nothing");
        }
        double[][] coefficients =
                algebra.ridge(gram, cross, penalty * trace / inputs, concurrency, monitor);
        double[][] directions = new double[outputs][inputs];
        for (int i = 0; i < inputs; i++) {
            for (int r = 0; r < outputs; r++) {
                directions[r][i] = coefficients[i][r];
            }
        }
        double[] mean = pairs.mean();
        double[] centre = Arrays.copyOf(mean, inputs);
        double[] offset = Arrays.copyOfRange(mean, inputs, mean.length);
        return new RidgeMap(new AffineMap(centre, directions, offset), penalty);
    }

    /**
     * The map with that one of {@link #PENALTIES} which does best on pairs that it was not fitted
     * on, the smallest of equally good ones; then fitted on all.
     *
     * @param fitted moments of the rows {@code [x, y]} to fit each on, which afterwards are those
     *     of all rows
     * @param validation moments of the rows to judge each by
     */
    public static RidgeMap chosen(
            Moments fitted,
            Moments validation,
            int inputs,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        double best = Double.POSITIVE_INFINITY;
        double chosen = PENALTIES.get(0);
        for (double penalty : PENALTIES) {
            monitor.check();
            AffineMap map = of(fitted, inputs, penalty, algebra, concurrency, monitor).map();
            double error = squaredError(map, validation, algebra, concurrency, monitor);
            if (error < best) {
                best = error;
                chosen = penalty;
            }
        }
        fitted.add(validation);
        return of(fitted, inputs, chosen, algebra, concurrency, monitor);
    }

    /** The sum of squared residuals of a map on the rows that moments are of. */
    private static double squaredError(
            AffineMap map, Moments pairs, LinearAlgebra algebra, int concurrency, Monitor monitor) {
        int inputs = map.centre().length;
        double[][] scatter = pairs.scatter();
        double[][] gram = new double[inputs][inputs];
        for (int i = 0; i < inputs; i++) {
            for (int j = i; j < inputs; j++) {
                gram[i][j] = scatter[i][j];
                gram[j][i] = scatter[i][j];
            }
        }
        double[][] products = algebra.project(gram, inputs, map.directions(), concurrency, monitor);
        double[] mean = pairs.mean();
        double error = 0;
        for (int r = 0; r < map.dimension(); r++) {
            double squares = scatter[inputs + r][inputs + r];
            double shift = mean[inputs + r] - map.offset()[r];
            for (int i = 0; i < inputs; i++) {
                double b = map.directions()[r][i];
                squares += b * (products[i][r] - 2 * scatter[i][inputs + r]);
                shift -= b * (mean[i] - map.centre()[i]);
            }
            error += squares + pairs.count() * shift * shift;
        }
        return error;
    }
}
