package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Two families of distributions to be matched, and the populations that tell what a match looks
 * like where there is no partner.
 *
 * @param geometry the geometry that made all clouds
 * @param background the whole corpus, see {@link Background}
 * @param sources whose matches are wanted
 * @param targets among which they are looked for
 * @param populations which the sides refer to
 */
public record MatchProblem(
        Geometry geometry,
        Cloud background,
        Side sources,
        Side targets,
        List<Population> populations) {

    /**
     * One family.
     *
     * @param clouds one a feature; the same object on both sides is one that is not matched to
     *     itself
     * @param noise how far each is from itself on other prompts, see {@link SamplingNoise}; not a
     *     number where not known
     * @param population for each the index of the population that it is one of, or -1
     */
    public record Side(List<Cloud> clouds, double[] noise, int[] population) {}

    /**
     * Features of one kind, as a rule those of a layer of a dictionary, each of which can be looked
     * for among the others.
     *
     * @param clouds those that are looked for
     * @param others those among which they are looked for; the same list where the two sides rest
     *     on the same text
     * @param self for each of the former the index of itself among the latter, or -1
     * @param noise of each of the former
     * @param othersNoise of each of the latter
     */
    public record Population(
            List<Cloud> clouds,
            List<Cloud> others,
            int[] self,
            double[] noise,
            double[] othersNoise) {}

    /** All clouds that are compared, each once. */
    List<Cloud> clouds() {
        Set<Cloud> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return Stream.concat(
                        Stream.of(sources.clouds, targets.clouds),
                        populations.stream().flatMap(p -> Stream.of(p.clouds, p.others)))
                .flatMap(List::stream)
                .filter(seen::add)
                .toList();
    }

    /** How many pairs are compared by bounds at least. */
    long pairs() {
        return (long) sources.clouds.size() * targets.clouds.size()
                + populations.stream()
                        .mapToLong(p -> (long) p.clouds.size() * p.others.size())
                        .sum();
    }
}
