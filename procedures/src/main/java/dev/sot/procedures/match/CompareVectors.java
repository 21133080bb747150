package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.FeatureVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * The vectors of a family of features, or why they cannot be had.
 *
 * @param encoder one a feature
 * @param decoder one a feature
 * @param bias one a feature, where all have one
 * @param threshold one a feature, where all have one
 * @param problem why there are no vectors; then the others are empty
 */
record CompareVectors(
        float[][] encoder,
        float[][] decoder,
        Optional<double[]> bias,
        Optional<double[]> threshold,
        Optional<String> problem) {

    /** Reads them. */
    static CompareVectors of(Session session, Heap heap, List<Node> features) {
        List<FeatureVectors> vectors = new ArrayList<>(features.size());
        for (Node feature : features) {
            session.monitor().check();
            Optional<FeatureVectors> found = FeatureVectors.of(feature);
            if (found.isEmpty()) {
                return without(
                        "feature '"
                                + feature.getProperty("key")
                                + "' has no vectors; import a bundle with those of its dictionary");
            }
            FeatureVectors first = vectors.isEmpty() ? found.get() : vectors.get(0);
            if (found.get().encoder().length != first.encoder().length
                    || found.get().decoder().length != first.decoder().length) {
                return without(
                        "vectors of features '%s' and '%s' have %d and %d entries"
                                .formatted(
                                        features.get(0).getProperty("key"),
                                        feature.getProperty("key"),
                                        first.decoder().length,
                                        found.get().decoder().length));
            }
            heap.take(4L * (first.encoder().length + first.decoder().length) + 100);
            vectors.add(found.get());
        }
        return new CompareVectors(
                vectors.stream().map(FeatureVectors::encoder).toArray(float[][]::new),
                vectors.stream().map(FeatureVectors::decoder).toArray(float[][]::new),
                all(vectors.stream().map(FeatureVectors::bias).toList()),
                all(vectors.stream().map(FeatureVectors::threshold).toList()),
                Optional.empty());
    }

    private static CompareVectors without(String problem) {
        return new CompareVectors(
                new float[0][],
                new float[0][],
                Optional.empty(),
                Optional.empty(),
                Optional.of(problem));
    }

    private static Optional<double[]> all(List<Optional<Double>> values) {
        return values.stream().allMatch(Optional::isPresent)
                ? Optional.of(values.stream().mapToDouble(Optional::get).toArray())
                : Optional.empty();
    }

    /** Those of some of the features. */
    CompareVectors select(int[] features) {
        return problem.isPresent()
                ? this
                : new CompareVectors(
                        Arrays.stream(features).mapToObj(f -> encoder[f]).toArray(float[][]::new),
                        Arrays.stream(features).mapToObj(f -> decoder[f]).toArray(float[][]::new),
                        bias.map(b -> Arrays.stream(features).mapToDouble(f -> b[f]).toArray()),
                        threshold.map(
                                t -> Arrays.stream(features).mapToDouble(f -> t[f]).toArray()),
                        problem);
    }

    /** Why these cannot be compared with others, if that is so. */
    Optional<String> problemWith(CompareVectors other) {
        if (problem.isPresent() || other.problem.isPresent()) {
            return problem.or(() -> other.problem);
        }
        int one = decoder[0].length;
        int another = other.decoder[0].length;
        return one == another && encoder[0].length == other.encoder[0].length
                ? Optional.empty()
                : Optional.of(
                        "sources' vectors have "
                                + one
                                + " entries, targets' "
                                + another
                                + "; vectors of different models cannot be compared");
    }
}
