package dev.sot.transport.match;

import dev.sot.transport.search.Neighbours;

/**
 * How much a feature's nearest neighbour stands out: the distance of the nearest divided by that of
 * the second nearest, between 0 and 1, the smaller the better (the ratio test of Lowe 2004).
 *
 * <p>Where features are spread evenly around a point in r dimensions, the ratio to the power r is
 * uniform, however dense they are: what a ratio means depends on dimension and noise, which a
 * {@link NullSample} measures, but not on the number of features.
 */
public final class MatchStatistic {

    private MatchStatistic() {}

    /**
     * The ratio of two distances. Two equal ones, also two of 0, have the ratio 1: of twins none is
     * the better match. A nearest one at 0 whose runner-up is farther away has the ratio 0.
     *
     * @param nearest distance of the nearest, not negative
     * @param second distance of the second nearest, at least {@code nearest}
     */
    public static double ratio(double nearest, double second) {
        return nearest == second ? 1 : nearest / second;
    }

    /**
     * The ratio of a feature's first two neighbours; not a number if there are fewer than two, as
     * nothing can be said of the only target there is.
     */
    public static double ratio(Neighbours neighbours) {
        return neighbours.size() < 2
                ? Double.NaN
                : ratio(neighbours.distances()[0], neighbours.distances()[1]);
    }
}
