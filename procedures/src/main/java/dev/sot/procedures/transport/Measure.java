package dev.sot.procedures.transport;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A weighted set of points that was given as {@code {points: [[...], ...], weights: [...]}}.
 *
 * @param name name of the argument
 * @param dimension coordinates of each point
 * @param coordinates row-major {@code [size, dimension]}, finite
 * @param weights one a point: finite, not negative, not all zero
 */
record Measure(String name, int dimension, double[] coordinates, double[] weights) {

    /**
     * The largest magnitude of a coordinate, and the least that the largest one must have: no
     * square of a squared distance leaves the range of a double.
     */
    private static final double LARGEST = 1e75;

    private static final double SMALLEST = 1e-75;

    /**
     * Reads the argument.
     *
     * @throws ConfigurationException naming the argument, the place in it and the remedy
     */
    static Measure of(String function, String name, Map<String, Object> given) {
        Configuration c = Configuration.ofArgument(function, name, given);
        Object points = c.value("points");
        Object weights = c.value("weights");
        c.finish();
        double[][] rows = points(c, points);
        double magnitude =
                Arrays.stream(rows).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
        if (magnitude > 0 && magnitude < SMALLEST) {
            throw c.problem(
                    "points",
                    "has no coordinate larger than "
                            + magnitude
                            + ", too small for distances; multiply all points, of both arguments,"
                            + " by 1e75");
        }
        return new Measure(
                name,
                rows[0].length,
                Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray(),
                weights == null
                        ? DoubleStream.generate(() -> 1).limit(rows.length).toArray()
                        : weights(c, weights, rows.length));
    }

    int size() {
        return weights.length;
    }

    /** Refuses points with mass that have no direction, and so no cosine. */
    void refuseZeroVectors() {
        for (int i = 0; i < size(); i++) {
            if (weights[i] > 0
                    && Arrays.stream(coordinates, i * dimension, (i + 1) * dimension)
                            .allMatch(x -> x == 0)) {
                throw new ConfigurationException(
                        "sot.transport: `"
                                + name
                                + ".points["
                                + i
                                + "]` is the zero vector, which has no cosine; leave the point out,"
                                + " give it weight 0 or use another `cost`");
            }
        }
    }

    private static double[][] points(Configuration c, Object given) {
        List<?> list = list(given);
        if (list == null || list.isEmpty()) {
            throw c.wrong(
                    "points",
                    given,
                    "a list of one point or more, each a list of coordinates such as [[0.0, 1.0],"
                            + " [2.0, 3.0]]");
        }
        double[][] rows = new double[list.size()][];
        for (int i = 0; i < rows.length; i++) {
            List<?> point = list(list.get(i));
            String place = "points[" + i + "]";
            if (point == null || point.isEmpty()) {
                throw c.wrong(place, list.get(i), "a list of one coordinate or more");
            }
            rows[i] = new double[point.size()];
            for (int k = 0; k < rows[i].length; k++) {
                rows[i][k] = coordinate(c, place + "[" + k + "]", point.get(k));
            }
            if (rows[i].length != rows[0].length) {
                throw c.problem(
                        place,
                        "has "
                                + rows[i].length
                                + " coordinates and `points[0]` has "
                                + rows[0].length
                                + "; give all points the same number");
            }
        }
        return rows;
    }

    private static double coordinate(Configuration c, String place, Object given) {
        if (!(given instanceof Number number) || !(Math.abs(number.doubleValue()) <= LARGEST)) {
            throw c.wrong(
                    place,
                    given,
                    "a number from -"
                            + LARGEST
                            + " to "
                            + LARGEST
                            + "; correct it or leave the"
                            + " point and its weight out");
        }
        return number.doubleValue();
    }

    private static double[] weights(Configuration c, Object given, int points) {
        List<?> list = list(given);
        if (list == null) {
            throw c.wrong("weights", given, "a list of numbers, one a point");
        }
        if (list.size() != points) {
            throw c.problem(
                    "weights",
                    "has "
                            + list.size()
                            + " entries for "
                            + points
                            + " points; give one weight a point, or none at all for equal weights");
        }
        double[] weights = new double[points];
        for (int i = 0; i < points; i++) {
            if (!(list.get(i) instanceof Number weight)
                    || !(weight.doubleValue() >= 0)
                    || weight.doubleValue() == Double.POSITIVE_INFINITY) {
                throw c.wrong(
                        "weights[" + i + "]",
                        list.get(i),
                        "a finite number that is not negative; correct it or leave the point out");
            }
            weights[i] = weight.doubleValue();
        }
        if (Arrays.stream(weights).allMatch(w -> w == 0)) {
            throw c.problem("weights", "are all zero; give at least one point a positive weight");
        }
        return weights;
    }

    /** A list of Cypher, or an array as a property has it; null for anything else. */
    private static List<?> list(Object given) {
        if (given instanceof List<?> list) {
            return list;
        }
        return given != null && given.getClass().isArray()
                ? IntStream.range(0, Array.getLength(given))
                        .mapToObj(i -> Array.get(given, i))
                        .toList()
                : null;
    }
}
