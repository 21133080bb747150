package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import java.util.List;

/**
 * One-to-one matching of two families: the assignment of least total distance in which every
 * feature of the smaller family has a partner and none has two.
 */
public final class OneToOne {

    private OneToOne() {}

    /**
     * The result.
     *
     * @param target for each source the index of its target, or -1 where there are more sources
     *     than targets and this one has none
     * @param distance for each source the distance of its target, not a number where it has none
     * @param cost the sum of these distances
     * @param exactDistances how many exact distances the searches computed
     * @param rounds how often the problem was solved before it was proved
     */
    public record Result(
            int[] target, double[] distance, double cost, long exactDistances, int rounds) {}

    /**
     * Matches, proved optimal.
     *
     * @param geometry the geometry that made all clouds
     * @param sources one family
     * @param targets the other
     * @param concurrency number of threads, at least 1
     * @param monitor checked in all long loops
     */
    public static Result match(
            Geometry geometry,
            List<Cloud> sources,
            List<Cloud> targets,
            int concurrency,
            Monitor monitor) {
        throw new UnsupportedOperationException("not yet");
    }
}
