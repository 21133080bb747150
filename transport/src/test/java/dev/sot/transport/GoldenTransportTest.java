package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every published test vector, whose values are certified by duality to 6e-14. */
class GoldenTransportTest {

    private static final double RELATIVE = 1e-11;

    @TestFactory
    Stream<DynamicTest> distancesEqualTheCertifiedOnes() throws IOException {
        Path directory = SharedData.require("data/transport");
        List<Path> files;
        try (Stream<Path> list = Files.list(directory)) {
            files = list.filter(p -> p.toString().endsWith(".json")).sorted().toList();
        }
        assertThat(files).hasSize(65);
        return files.stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        file.getFileName().toString(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        JsonNode problem = new ObjectMapper().readTree(file.toFile());
        PointTable points = points(problem);
        int n = problem.get("n").asInt();
        int m = problem.get("m").asInt();
        Distribution f = distribution(problem.get("a"), 0, n);
        Distribution g = distribution(problem.get("b"), n, m);
        double atol = problem.get("atol").asDouble();
        JsonNode expected = problem.get("expected");

        compare(
                new Geometry(points, GroundCost.EUCLIDEAN, 1),
                f,
                g,
                expected.get("W1_euclidean"),
                atol);
        compare(
                new Geometry(points, GroundCost.EUCLIDEAN, 2),
                f,
                g,
                expected.get("W2sq_euclidean"),
                atol);
        compare(
                new Geometry(points, GroundCost.SQUARED_EUCLIDEAN, 1),
                f,
                g,
                expected.get("W2sq_euclidean"),
                atol);
        if (!expected.get("W_cosine").isNull()) {
            compare(
                    new Geometry(points, GroundCost.COSINE, 1),
                    f,
                    g,
                    expected.get("W_cosine"),
                    atol);
        }
    }

    private static void compare(
            Geometry geometry,
            Distribution first,
            Distribution second,
            JsonNode expected,
            double atol) {
        double value = expected.get("value").asDouble();
        // What the absolute tolerance of the vectors lets pass is only what is zero to rounding.
        double tolerance = RELATIVE * value + Math.min(atol, 1e-15);
        Cloud f = geometry.cloud(first);
        Cloud g = geometry.cloud(second);
        for (Kernel kernel : List.of(new ScalarKernel(), Kernels.best())) {
            Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE, kernel);
            TransportPlan plan = wasserstein.plan(f, g);
            assertThat(plan.cost()).isCloseTo(value, within(tolerance));
            assertThat(plan.dualityGap()).isLessThan(1e-12);
            assertThat(wasserstein.plan(g, f).cost()).isEqualTo(plan.cost());
            TransportPlans.assertOptimal(plan, f, g);
            TransportPlan given =
                    new ExactTransport(Monitor.NONE, kernel)
                            .solve(costs(geometry, f, g), f.weights(), g.weights());
            assertThat(given.cost()).isCloseTo(value, within(tolerance));
            TransportPlans.assertOptimal(given, f, g);
            TransportPlans.assertFeasible(given, costs(geometry, f, g));
        }
    }

    private static double[] costs(Geometry geometry, Cloud f, Cloud g) {
        double[] costs = new double[f.size() * g.size()];
        for (int at = 0; at < costs.length; at++) {
            costs[at] = geometry.power(f.position(at / g.size()), g.position(at % g.size()));
        }
        return costs;
    }

    private static PointTable points(JsonNode problem) {
        int dimension = problem.get("d").asInt();
        int n = problem.get("n").asInt();
        int m = problem.get("m").asInt();
        double[] values = new double[(n + m) * dimension];
        for (int i = 0; i < n + m; i++) {
            JsonNode point = i < n ? problem.get("X").get(i) : problem.get("Y").get(i - n);
            for (int k = 0; k < dimension; k++) {
                values[i * dimension + k] = point.get(k).asDouble();
            }
        }
        return new PointTable(dimension, values);
    }

    private static Distribution distribution(JsonNode weights, int first, int size) {
        return new Distribution(
                IntStream.range(first, first + size).toArray(),
                IntStream.range(0, size).mapToDouble(i -> weights.get(i).asDouble()).toArray());
    }
}
