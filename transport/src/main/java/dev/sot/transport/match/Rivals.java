package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.match.MatchProblem.Population;
import dev.sot.transport.match.MatchProblem.Side;
import dev.sot.transport.search.Neighbours;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What else a source and a target of a match are near to. Rivals come from the whole populations of
 * both sides, selected or not, as those of features without a partner do: among fewer, rivals would
 * be farther away and matches look better than they are.
 */
final class Rivals {

    private final OneWay ofSources;
    private final OneWay ofTargets;

    /**
     * One direction.
     *
     * @param nearest for each feature of a side the two nearest of the other side's populations
     * @param place of each cloud of the other side among those
     */
    private record OneWay(List<Neighbours> nearest, int[] place) {

        /**
         * Searches, unless the other side is whole.
         *
         * @param side whose rivals are looked for
         * @param other the other side, as it is selected
         * @param whole its populations
         * @param nearest of each feature of the side the nearest of the other
         */
        static OneWay of(
                String name,
                BlockSearch search,
                Side side,
                Side other,
                List<Cloud> whole,
                List<Neighbours> nearest) {
            if (whole.size() == other.clouds().size()) {
                return new OneWay(nearest, IntStream.range(0, whole.size()).toArray());
            }
            return new OneWay(
                    search.nearest(
                            name, side.clouds(), whole, BlockSearch.self(side.clouds(), whole)),
                    place(other, whole));
        }

        private static int[] place(Side side, List<Cloud> whole) {
            Map<Cloud, Integer> places = new IdentityHashMap<>();
            whole.forEach(cloud -> places.put(cloud, places.size()));
            return side.clouds().stream().mapToInt(places::get).toArray();
        }

        double least(int feature, int but) {
            return Rivals.least(nearest.get(feature), place[but]);
        }
    }

    /**
     * Searches.
     *
     * @param matches the search of sources and targets for each other
     */
    Rivals(MatchProblem problem, BlockSearch search, TwoWaySearch matches) {
        Side sources = problem.sources();
        Side targets = problem.targets();
        List<Cloud> allSources = whole(problem, sources, Population::clouds);
        List<Cloud> allTargets = whole(problem, targets, Population::others);
        this.ofSources =
                OneWay.of(
                        "rivals of sources",
                        search,
                        sources,
                        targets,
                        allTargets,
                        matches.nearest());
        this.ofTargets =
                OneWay.of(
                        "rivals of targets",
                        search,
                        targets,
                        sources,
                        allSources,
                        matches.nearestBack());
    }

    /** The populations of a side; the side itself where one of its features has none. */
    private static List<Cloud> whole(
            MatchProblem problem, Side side, Function<Population, List<Cloud>> which) {
        if (Arrays.stream(side.population()).anyMatch(p -> p < 0)) {
            return side.clouds();
        }
        return Arrays.stream(side.population())
                .distinct()
                .sorted()
                .boxed()
                .flatMap(p -> which.apply(problem.populations().get(p)).stream())
                .toList();
    }

    /** The distance of the nearest rival of either side; not a number where there is none. */
    double least(int source, int target) {
        return smaller(ofSources.least(source, target), ofTargets.least(target, source));
    }

    /** The least distance of a neighbour but one; not a number where there is no other. */
    static double least(Neighbours neighbours, int but) {
        return IntStream.range(0, neighbours.size())
                .filter(i -> neighbours.targets()[i] != but)
                .mapToDouble(i -> neighbours.distances()[i])
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The smaller of two distances, of which one may not be a number. */
    static double smaller(double one, double other) {
        return Double.isNaN(one) ? other : Double.isNaN(other) ? one : Math.min(one, other);
    }
}
