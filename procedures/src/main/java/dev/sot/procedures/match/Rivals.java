package dev.sot.procedures.match;

import dev.sot.procedures.match.MatchClouds.Population;
import dev.sot.procedures.match.MatchClouds.Side;
import dev.sot.transport.Cloud;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.PairMemory;
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

        double least(int feature, int but) {
            return Rivals.least(nearest.get(feature), place[but]);
        }
    }

    Rivals(
            MatchClouds clouds,
            TwoWaySearch search,
            PairMemory memory,
            int concurrency,
            Blocks blocks) {
        List<Cloud> sources = whole(clouds, clouds.sources(), Population::clouds);
        List<Cloud> targets = whole(clouds, clouds.targets(), Population::others);
        this.ofSources =
                targets.size() == clouds.targets().clouds().size()
                        ? selected(search.nearest(), targets.size())
                        : new OneWay(
                                TwoWaySearch.nearest(
                                        "rivals of sources",
                                        clouds.geometry(),
                                        clouds.sources().clouds(),
                                        targets,
                                        TwoWaySearch.self(clouds.sources().clouds(), targets),
                                        memory,
                                        concurrency,
                                        blocks),
                                place(clouds.targets(), targets));
        this.ofTargets =
                sources.size() == clouds.sources().clouds().size()
                        ? selected(search.nearestBack(), sources.size())
                        : new OneWay(
                                TwoWaySearch.nearest(
                                        "rivals of targets",
                                        clouds.geometry(),
                                        clouds.targets().clouds(),
                                        sources,
                                        TwoWaySearch.self(clouds.targets().clouds(), sources),
                                        memory,
                                        concurrency,
                                        blocks),
                                place(clouds.sources(), sources));
    }

    private static OneWay selected(List<Neighbours> nearest, int size) {
        return new OneWay(nearest, IntStream.range(0, size).toArray());
    }

    /** The populations of a side; the side itself where one of its features has none. */
    private static List<Cloud> whole(
            MatchClouds clouds, Side side, Function<Population, List<Cloud>> which) {
        if (Arrays.stream(side.population()).anyMatch(p -> p < 0)) {
            return side.clouds();
        }
        return Arrays.stream(side.population())
                .distinct()
                .sorted()
                .boxed()
                .flatMap(p -> which.apply(clouds.populations().get(p)).stream())
                .toList();
    }

    private static int[] place(Side side, List<Cloud> whole) {
        Map<Cloud, Integer> places = new IdentityHashMap<>();
        whole.forEach(cloud -> places.put(cloud, places.size()));
        return side.clouds().stream().mapToInt(places::get).toArray();
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
