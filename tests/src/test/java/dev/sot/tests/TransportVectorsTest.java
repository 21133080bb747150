package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.neo4j.driver.Value;

/** Every published test vector, sent to {@code sot.transport} over Bolt. */
class TransportVectorsTest {

    private static final double RELATIVE = 1e-9;

    private static SotServer server;

    @BeforeAll
    static void start() {
        server = SotServer.demo();
    }

    @TestFactory
    Stream<DynamicTest> distancesEqualTheCertifiedOnes() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(SharedData.require("data/transport"))) {
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
        Map<String, Object> source = measure(problem.get("X"), problem.get("a"));
        Map<String, Object> target = measure(problem.get("Y"), problem.get("b"));
        JsonNode expected = problem.get("expected");
        double atol = problem.get("atol").asDouble();

        compare(source, target, "euclidean", 1, expected.get("W1_euclidean"), atol);
        compare(source, target, "euclidean", 2, expected.get("W2sq_euclidean"), atol);
        compare(source, target, "squaredEuclidean", 1, expected.get("W2sq_euclidean"), atol);
        if (!expected.get("W_cosine").isNull()) {
            compare(source, target, "cosine", 1, expected.get("W_cosine"), atol);
        }
    }

    /** The expected value is the optimum: a distance of order 2 is compared by its square. */
    private static void compare(
            Map<String, Object> source,
            Map<String, Object> target,
            String cost,
            int order,
            JsonNode expected,
            double atol) {
        Value answer =
                server.query(
                                "RETURN sot.transport($source, $target, {cost: $cost, order:"
                                        + " $order})",
                                Map.of(
                                        "source", source, "target", target, "cost", cost, "order",
                                        order))
                        .get(0)
                        .get(0);
        double value = expected.get("value").asDouble();
        double tolerance = RELATIVE * value + Math.min(atol, 1e-15);
        double distance = answer.get("distance").asDouble();
        assertThat(Math.pow(distance, order))
                .as("%s, order %d", cost, order)
                .isCloseTo(value, within(tolerance));
        assertThat(Math.pow(answer.get("lower").asDouble(), order))
                .isCloseTo(value, within(tolerance));
        assertThat(answer.get("lower").asDouble()).isLessThanOrEqualTo(distance);
        assertThat(answer.get("upper").asDouble()).isGreaterThanOrEqualTo(distance);
        assertThat(answer.get("gap").asDouble()).isBetween(0.0, 1e-10);
    }

    private static Map<String, Object> measure(JsonNode points, JsonNode weights) {
        return Map.of(
                "points",
                StreamSupport.stream(points.spliterator(), false)
                        .map(TransportVectorsTest::numbers)
                        .toList(),
                "weights",
                numbers(weights));
    }

    private static List<Double> numbers(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false).map(JsonNode::asDouble).toList();
    }
}
