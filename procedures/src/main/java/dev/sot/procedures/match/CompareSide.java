package dev.sot.procedures.match;

import dev.sot.transport.Firings;
import dev.sot.transport.match.baseline.Recording;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * One of two families that are matched: what its features do on the positions that it is matched
 * by.
 *
 * @param features the features, or those that they are copies of
 * @param recording what each does; every one fires
 * @param elsewhere what they do on the positions that the other family is matched by; the same
 *     object where both are matched by the same ones
 * @param vectors of their dictionary
 */
record CompareSide(
        List<Node> features, Recording recording, Recording elsewhere, CompareVectors vectors) {

    int size() {
        return features.size();
    }

    /**
     * Where each feature fires; empty for one that does not.
     *
     * @param exponent weights are activations to this power
     */
    List<Optional<Firings>> firings(Recording of, double exponent) {
        return IntStream.range(0, size())
                .mapToObj(
                        f ->
                                Firings.of(
                                        (String) features.get(f).getProperty("key"),
                                        of.positions().get(f),
                                        of.powers(f, exponent),
                                        null))
                .toList();
    }
}
