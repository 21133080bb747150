package dev.sot.transport.approximate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bounds hold what the published test vectors certify. */
class GoldenBoundsTest {

    /** The vectors' own error, relative, and what they leave open at zero. */
    private static final double CERTIFIED = 1e-12;

    /** What rounding of the weights of equal measures may cost. */
    private static final double ZERO = 1e-15;

    @TestFactory
    Stream<DynamicTest> everyBoundHoldsTheCertifiedDistance() throws IOException {
        Path directory = SharedData.require("data/transport");
        List<Path> files;
        try (Stream<Path> list = Files.list(directory)) {
            files = list.filter(p -> p.toString().endsWith(".json")).sorted().toList();
        }
        return files.stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        file.getFileName().toString(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        JsonNode problem = new ObjectMapper().readTree(file.toFile());
        JsonNode expected = problem.get("expected");
        hold(problem, GroundCost.EUCLIDEAN, 1, expected.get("W1_euclidean"));
        hold(problem, GroundCost.EUCLIDEAN, 2, expected.get("W2sq_euclidean"));
        hold(problem, GroundCost.SQUARED_EUCLIDEAN, 1, expected.get("W2sq_euclidean"));
        if (!expected.get("W_cosine").isNull()) {
            hold(problem, GroundCost.COSINE, 1, expected.get("W_cosine"));
        }
    }

    private static void hold(JsonNode problem, GroundCost cost, int order, JsonNode expected) {
        int n = problem.get("n").asInt();
        int m = problem.get("m").asInt();
        Geometry geometry = new Geometry(points(problem), cost, order);
        Cloud f = geometry.cloud(distribution(problem.get("a"), 0, n));
        Cloud g = geometry.cloud(distribution(problem.get("b"), n, m));
        double value = expected.get("value").asDouble();
        for (Estimator estimator : Estimator.values()) {
            Approximation<?> approximation =
                    estimator == Estimator.SINKHORN
                            ? new SinkhornDivergence(geometry, .1, Monitor.NONE)
                            : estimator.over(geometry, 1, Monitor.NONE);
            Estimate estimate = approximation.compare(f, g);
            assertThat(Math.pow(estimate.lower(), order))
                    .as("%s, %s, order %s", estimator, cost, order)
                    .isLessThanOrEqualTo(value * (1 + CERTIFIED) + CERTIFIED * CERTIFIED);
            assertThat(Math.pow(estimate.upper(), order))
                    .as("%s, %s, order %s", estimator, cost, order)
                    .isGreaterThanOrEqualTo(value * (1 - CERTIFIED) - ZERO);
        }
    }

    private static PointTable points(JsonNode problem) {
        int dimension = problem.get("d").asInt();
        int n = problem.get("n").asInt();
        double[] values = new double[(n + problem.get("m").asInt()) * dimension];
        for (int i = 0; i < values.length; i++) {
            int row = i / dimension;
            JsonNode point = row < n ? problem.get("X").get(row) : problem.get("Y").get(row - n);
            values[i] = point.get(i % dimension).asDouble();
        }
        return new PointTable(dimension, values);
    }

    private static Distribution distribution(JsonNode weights, int first, int size) {
        return new Distribution(
                IntStream.range(first, first + size).toArray(),
                IntStream.range(0, size).mapToDouble(i -> weights.get(i).asDouble()).toArray());
    }
}
