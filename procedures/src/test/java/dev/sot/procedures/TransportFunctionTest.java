package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Optimal transport of measures that are given in Cypher. */
class TransportFunctionTest {

    @RegisterExtension static final Database database = Database.withoutSchema();

    private static Map<String, Object> transport(String arguments) {
        return database.value("RETURN sot.transport(" + arguments + ")");
    }

    private static Map<String, Object> transport(
            Map<String, Object> source, Map<String, Object> target, Map<String, Object> config) {
        return database.value(
                "RETURN sot.transport($source, $target, $config)",
                "source",
                source,
                "target",
                target,
                "config",
                config);
    }

    private static double distance(String arguments) {
        return (Double) transport(arguments).get("distance");
    }

    private static AbstractStringAssert<?> failure(String arguments) {
        return database.failure("RETURN sot.transport(" + arguments + ")")
                .contains("sot.transport: ");
    }

    /** Points and weights drawn with a seed; every coordinate goes through a function. */
    private static Map<String, Object> cloud(int seed, int size, DoubleUnaryOperator unit) {
        Random random = new Random(seed);
        List<List<Double>> points = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            points.add(
                    random.doubles(5).map(x -> unit.applyAsDouble(x + seed % 2)).boxed().toList());
            weights.add(random.nextDouble());
        }
        return Map.of("points", points, "weights", weights);
    }

    @Test
    void oneMovesFromPointToPoint() {
        assertThat(transport("{points: [[0, 0]]}, {points: [[3, 4]]}"))
                .containsOnlyKeys("distance", "lower", "upper", "gap")
                .containsEntry("distance", 5.0)
                .containsEntry("gap", 0.0);
        assertThat(distance("{points: [[0, 0]]}, {points: [[3, 4]]}, {order: 2}")).isEqualTo(5);
        assertThat(distance("{points: [[0, 0]]}, {points: [[3, 4]]}, {cost: 'squaredEuclidean'}"))
                .isEqualTo(25);
        assertThat(distance("{points: [[1, 0]]}, {points: [[0, 7]]}, {cost: 'cosine'}"))
                .isCloseTo(1, within(1e-15));
        assertThat(distance("{points: [[1, 0]]}, {points: [[0, 7]]}, {cost: 'zeroOne'}"))
                .isEqualTo(1);
    }

    @Test
    void weightsAreNormalisedAndMissingOnesAreEqual() {
        double expected =
                distance("{points: [[0], [1]], weights: [0.5, 0.5]}, {points: [[2], [5]]}");
        assertThat(expected).isCloseTo(3, within(1e-15));
        assertThat(distance("{points: [[0], [1]], weights: [7, 7]}, {points: [[2], [5]]}"))
                .isEqualTo(expected);
        assertThat(
                        distance(
                                "{points: [[0], [1], [99]], weights: [1e-300, 1e-300, 0]}, {points:"
                                        + " [[2], [5]], weights: null}"))
                .isEqualTo(expected);
    }

    @Test
    void theZeroOneCostGivesTheTotalVariation() {
        assertThat(
                        distance(
                                "{points: [[0, 1], [2, 3]], weights: [0.25, 0.75]}, {points: [[2,"
                                    + " 3], [0, 1], [4, 5]], weights: [0.5, 0.25, 0.25]}, {cost:"
                                    + " 'zeroOne'}"))
                .isCloseTo(0.25, within(1e-15));
        // Where all points are a little off, the shortest plan is not the best.
        assertThat(
                        distance(
                                "{points: [[0], [1], [2], [3]]}, {points: [[1], [2], [3], [4]]},"
                                        + " {cost: 'zeroOne'}"))
                .isEqualTo(0.25);
    }

    @Test
    void thePlanNamesThePointsAsTheyWereGivenAndAddsUp() {
        Map<String, Object> answer =
                transport(
                        "{points: [[9, 9], [0, 0], [1, 0]], weights: [0, 1, 3]}, {points: [[0, 1],"
                                + " [1, 1]]}, {order: 2, plan: true}");
        List<String> ends = new ArrayList<>();
        double mass = 0;
        double cost = 0;
        for (Object row : (List<?>) answer.get("plan")) {
            Map<?, ?> flow = (Map<?, ?>) row;
            ends.add(flow.get("source") + " to " + flow.get("target"));
            mass += (Double) flow.get("mass");
            cost += (Double) flow.get("mass") * Math.pow((Double) flow.get("cost"), 2);
        }
        assertThat(ends).containsExactly("1 to 0", "2 to 0", "2 to 1");
        assertThat(mass).isCloseTo(1, within(1e-15));
        assertThat(Math.sqrt(cost)).isCloseTo((Double) answer.get("distance"), within(1e-15));
        assertThat(cost).isCloseTo(1.25, within(1e-15));
    }

    @Test
    void theDistanceLiesInItsCertifiedBracketWhateverTheUnits() {
        for (int order : List.of(1, 2)) {
            Map<String, Object> config = Map.of("order", order);
            double reference =
                    (Double)
                            transport(cloud(1, 40, x -> x), cloud(2, 30, x -> x), config)
                                    .get("distance");
            for (double unit : List.of(1e-14, 1.0, 1e14)) {
                Map<String, Object> answer =
                        transport(cloud(1, 40, x -> x * unit), cloud(2, 30, x -> x * unit), config);
                double distance = (Double) answer.get("distance");
                assertThat(distance / unit).isCloseTo(reference, within(1e-12 * reference));
                assertThat((Double) answer.get("lower"))
                        .isBetween(distance * (1 - 1e-12), distance);
                assertThat((Double) answer.get("upper"))
                        .isBetween(distance, distance * (1 + 1e-12));
                assertThat((Double) answer.get("gap")).isBetween(0.0, 1e-12);
            }
        }
    }

    @Test
    void approximationsBracketTheExactDistance() {
        for (int order : List.of(1, 2)) {
            Map<String, Object> source = cloud(1, 40, x -> x);
            Map<String, Object> target = cloud(2, 30, x -> x);
            double exact =
                    (Double) transport(source, target, Map.of("order", order)).get("distance");
            for (String solver :
                    List.of(
                            "centroid",
                            "coordinates",
                            "sliced",
                            "gaussian",
                            "relaxed",
                            "sinkhorn")) {
                Map<String, Object> answer =
                        transport(source, target, Map.of("order", order, "solver", solver));
                assertThat(answer).containsOnlyKeys("distance", "lower", "upper", "gap");
                assertThat((Double) answer.get("lower")).as(solver).isBetween(0.0, exact);
                assertThat((Double) answer.get("distance"))
                        .as(solver)
                        .isCloseTo(exact, within(exact));
                if (answer.get("upper") == null) {
                    assertThat(answer.get("gap")).as(solver).isNull();
                } else {
                    assertThat((Double) answer.get("upper")).as(solver).isGreaterThan(exact);
                    assertThat((Double) answer.get("gap")).as(solver).isBetween(0.0, 1.0);
                }
            }
            assertThat(
                            (Double)
                                    transport(
                                                    source,
                                                    target,
                                                    Map.of("order", order, "solver", "sinkhorn"))
                                            .get("upper"))
                    .isLessThan(1.5 * exact);
        }
    }

    @Test
    void pointsAreReadInDoublePrecision() {
        assertThat(distance("{points: [[1.0]]}, {points: [[1.0000000001]]}"))
                .isCloseTo(1.0000000001 - 1, within(0.0));
    }

    @Test
    void arraysOfPropertiesAreRead() {
        assertThat(
                        (Double)
                                database.value(
                                        "CREATE (n:Given {weights: [1, 3], point: [0.5, 0.5]}) WITH"
                                                + " n RETURN sot.transport({points: [n.point, [1.5,"
                                                + " 0.5]], weights: n.weights}, {points:"
                                                + " [n.point]}).distance"))
                .isEqualTo(0.75);
    }

    @Test
    void aMissingPointIsRefusedWithItsPlaceAndRemedy() {
        failure("{}, {points: [[1]]}")
                .contains("argument `source.points` must be a list of one point or more")
                .contains("got null");
        failure("null, {points: [[1]]}").contains("`source.points`");
        failure("{points: [[1]]}, {points: []}").contains("`target.points`");
        failure("{points: [[1]]}, {points: 'x'}").contains("`target.points`").contains("got 'x'");
        failure("{points: [[1], []]}, {points: [[1]]}").contains("`source.points[1]`");
        failure("{points: [1, 2]}, {points: [[1]]}")
                .contains("`source.points[0]`")
                .contains("a list of one coordinate or more")
                .contains("got 1");
    }

    @Test
    void pointsOfDifferentDimensionAreRefused() {
        failure("{points: [[1, 2], [3]]}, {points: [[1, 2]]}")
                .contains("`source.points[1]` has 1 coordinates and `points[0]` has 2");
        failure("{points: [[1, 2]]}, {points: [[1]]}")
                .contains("`source` have 2 coordinates")
                .contains("`target` 1");
    }

    @Test
    void aCoordinateThatIsNoNumberIsRefusedWithItsPlace() {
        for (String wrong : List.of("0.0 / 0.0", "1.0 / 0.0", "'a'", "null", "true", "1e200")) {
            failure("{points: [[1, 2]]}, {points: [[1, 2], [3, " + wrong + "]]}")
                    .contains("`target.points[1][1]` must be a number from")
                    .contains("leave the point");
        }
    }

    @Test
    void coordinatesTooSmallForDistancesAreRefused() {
        failure("{points: [[0]]}, {points: [[1e-170]]}")
                .contains("`target.points` has no coordinate larger than 1.0E-170")
                .contains("multiply");
        assertThat(
                        distance(
                                "{points: [[0]]}, {points: [[1e-70]]}, {order: 2, cost:"
                                        + " 'squaredEuclidean'}"))
                .isCloseTo(1e-140, within(1e-152));
    }

    @Test
    void weightsThatAreNoneAreRefused() {
        for (String wrong : List.of("-1", "0.0 / 0.0", "1.0 / 0.0", "'a'", "null")) {
            failure("{points: [[1], [2]], weights: [1, " + wrong + "]}, {points: [[1]]}")
                    .contains("`source.weights[1]` must be a finite number that is not negative");
        }
        failure("{points: [[1], [2]], weights: [0, 0]}, {points: [[1]]}")
                .contains("`source.weights` are all zero");
        failure("{points: [[1]]}, {points: [[1], [2]], weights: [1]}")
                .contains("`target.weights` has 1 entries for 2 points");
        failure("{points: [[1]]}, {points: [[1]], weights: 1}")
                .contains("`target.weights` must be a list of numbers");
    }

    @Test
    void aProblemThatTheHeapCannotHoldIsRefused() {
        database.failure(
                        "WITH [i IN range(1, 40000) | [i]] AS points RETURN sot.transport({points:"
                                + " points}, {points: points})")
                .contains("GiB of heap and the server has")
                .contains("server.memory.heap.max_size");
    }

    @Test
    void aZeroVectorWithMassHasNoCosine() {
        failure("{points: [[1, 1]]}, {points: [[1, 0], [0, 0]]}, {cost: 'cosine'}")
                .contains("`target.points[1]` is the zero vector")
                .contains("weight 0");
        assertThat(
                        distance(
                                "{points: [[1, 1]]}, {points: [[1, 1], [0, 0]], weights: [1, 0]},"
                                        + " {cost: 'cosine'}"))
                .isEqualTo(0);
    }

    @Test
    void unknownKeysAndWordsAreRefusedWithASuggestion() {
        failure("{pionts: [[1]]}, {points: [[1]]}")
                .contains("unexpected argument `source.pionts` (did you mean `points`?)")
                .contains("[points, weights]");
        failure("{points: [[1]]}, {points: [[1]]}, {ordre: 2}").contains("did you mean `order`");
        failure("{points: [[1]]}, {points: [[1]]}, {order: 3}").contains("from 1 to 2");
        failure("{points: [[1]]}, {points: [[1]]}, {cost: 'manhattan'}")
                .contains("[euclidean, squaredEuclidean, cosine, zeroOne]");
        failure("{points: [[1]]}, {points: [[1]]}, {solver: 'magic'}")
                .contains("[exact, centroid, coordinates, sliced, gaussian, relaxed, sinkhorn]");
        failure("{points: [[1]]}, {points: [[1]]}, {solver: 'sinkhorn', plan: true}")
                .contains("`solver` must be 'exact' where the plan is wanted");
        failure("{points: [[1]]}, {points: [[1]]}, {solver: 'sliced', cost: 'zeroOne'}")
                .contains("`solver` must be 'exact' for the cost 'zeroOne'");
        failure("{points: [[1]]}, {points: [[1]]}, {plan: 1}").contains("true or false");
    }
}
