package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactTransportTest {

    private final ExactTransport transport = new ExactTransport();

    @Test
    void agreesWithALinearProgramOnRandomProblems() {
        Random random = new Random(1);
        for (int trial = 0; trial < 150; trial++) {
            int n = 1 + random.nextInt(6);
            int m = 1 + random.nextInt(6);
            boolean ties = random.nextBoolean();
            double[] cost =
                    random.doubles((long) n * m).map(c -> ties ? Math.floor(4 * c) : c).toArray();
            double[] a = masses(random, n, ties);
            double[] b = masses(random, m, ties);
            TransportPlan plan = transport.solve(cost, a, b);
            assertThat(plan.cost())
                    .as("trial %d", trial)
                    .isCloseTo(linearProgram(cost, a, b), within(1e-9));
            assertThat(plan.dualityGap()).isLessThan(1e-12);
            TransportPlans.assertOptimal(plan, a, b);
            TransportPlans.assertFeasible(plan, cost);
        }
    }

    @Test
    void costsMayBeNegative() {
        TransportPlan plan =
                transport.solve(
                        new double[] {-1, 2, 3, -4}, new double[] {1, 1}, new double[] {1, 1});
        assertThat(plan.cost()).isEqualTo(-2.5);
        assertThat(plan.dualityGap()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-200, 1e-14, 1e14, 1e200, 1e300})
    void unitsOfCostDoNotMatter(double unit) {
        Random random = new Random(2);
        double[] cost = random.doubles(40 * 30, -1, 1).toArray();
        double[] scaled = Arrays.stream(cost).map(c -> c * unit).toArray();
        double[] a = masses(random, 40, false);
        double[] b = masses(random, 30, false);
        for (Kernel kernel : List.of(new ScalarKernel(), Kernels.best())) {
            ExactTransport solver = new ExactTransport(Monitor.NONE, kernel);
            double plain = solver.solve(cost, a, b).cost();
            TransportPlan plan = solver.solve(scaled, a, b);
            assertThat(plan.cost() / unit).isCloseTo(plain, within(1e-13 * Math.abs(plain)));
            assertThat(plan.dualityGap()).isLessThan(1e-12);
            TransportPlans.assertOptimal(plan, a, b);
            TransportPlans.assertFeasible(plan, scaled);
        }
    }

    @Test
    void smallCostsKeepTheirDigitsBesideLargeOnesThatNothingTakes() {
        // Two blocks of equal mass, in binary fractions, with costs of about 1e-14; between them 1.
        Random random = new Random(10);
        int n = 64;
        int half = n / 2;
        double[] small = random.doubles((long) n * n).map(c -> 1e-14 * c).toArray();
        double[] cost = small.clone();
        for (int at = 0; at < cost.length; at++) {
            if (at / n < half != at % n < half) {
                cost[at] = 1;
            }
        }
        int[] masses = {1, 2, 4, 1};
        double[] a = IntStream.range(0, n).mapToDouble(i -> masses[i % 4]).toArray();
        double[] b = IntStream.range(0, n).mapToDouble(j -> masses[(j + 1) % 4]).toArray();
        for (Kernel kernel : List.of(new ScalarKernel(), Kernels.best())) {
            ExactTransport solver = new ExactTransport(Monitor.NONE, kernel);
            double expected = 0;
            for (int from : new int[] {0, half}) {
                double[] block =
                        IntStream.range(0, half * half)
                                .mapToDouble(k -> small[(from + k / half) * n + from + k % half])
                                .toArray();
                double[] masses0 = Arrays.copyOfRange(a, from, from + half);
                double[] masses1 = Arrays.copyOfRange(b, from, from + half);
                expected += solver.solve(block, masses0, masses1).cost() / 2;
            }
            TransportPlan plan = solver.solve(cost, a, b);
            assertThat(plan.cost()).isCloseTo(expected, within(1e-12 * expected));
            assertThat(plan.dualityGap()).isLessThan(1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-12, 7, 1e300})
    void massesOfEitherSideAreNormalised(double factor) {
        Random random = new Random(3);
        double[] cost = random.doubles(12 * 9).toArray();
        double[] a = masses(random, 12, false);
        double[] b = masses(random, 9, false);
        double[] scaled = Arrays.stream(a).map(x -> x * factor).toArray();
        double plain = transport.solve(cost, a, b).cost();
        assertThat(transport.solve(cost, scaled, b).cost()).isCloseTo(plain, within(1e-14));
    }

    @Test
    void massesSpanFifteenOrdersOfMagnitude() {
        Random random = new Random(4);
        double[] cost = random.doubles(16 * 16).toArray();
        double[] a = IntStream.range(0, 16).mapToDouble(k -> Math.pow(10, -k)).toArray();
        double[] b = IntStream.range(0, 16).mapToDouble(k -> Math.pow(10, k - 15)).toArray();
        TransportPlan plan = transport.solve(cost, a, b);
        assertThat(plan.dualityGap()).isLessThan(1e-14);
        TransportPlans.assertOptimal(plan, a, b);
        TransportPlans.assertFeasible(plan, cost);
    }

    @Test
    void massivelyTiedProblemsEnd() {
        Random random = new Random(5);
        for (int n : new int[] {8, 64, 150}) {
            double[] uniform = new double[n];
            Arrays.fill(uniform, 1);
            double[] cost = new double[n * n];
            for (int i = 0; i < n * n; i++) {
                cost[i] = random.nextInt(3);
            }
            TransportPlan plan = transport.solve(cost, uniform, uniform);
            assertThat(plan.dualityGap()).isLessThan(1e-12);
            TransportPlans.assertFeasible(plan, cost);
        }
    }

    @Test
    void equalMeasuresCostNothing() {
        int n = 20;
        Random random = new Random(6);
        PointTable points = TransportPlans.points(random, n, 3);
        double[] cost = new double[n * n];
        for (int i = 0; i < n * n; i++) {
            cost[i] = points.squaredDistance(i / n, i % n);
        }
        double[] a = masses(random, n, false);
        assertThat(transport.solve(cost, a, a).cost()).isBetween(0.0, 1e-15);
    }

    @Test
    void pointsWithoutMassAreIgnoredButGetPotentials() {
        Random random = new Random(7);
        double[] cost = random.doubles(5 * 4).toArray();
        double[] a = {1, 0, 2, 0, 3};
        double[] b = {0, 1, 1, 0};
        TransportPlan plan = transport.solve(cost, a, b);
        double[] compact = {
            cost[1], cost[2], cost[9], cost[10], cost[17], cost[18],
        };
        assertThat(plan.cost())
                .isEqualTo(
                        transport
                                .solve(compact, new double[] {1, 2, 3}, new double[] {1, 1})
                                .cost());
        TransportPlans.assertOptimal(plan, a, b);
        TransportPlans.assertFeasible(plan, cost);
    }

    @Test
    void oneInstanceSolvesProblemsOfAllSizesInTurn() {
        Random random = new Random(8);
        for (int trial = 0; trial < 100; trial++) {
            int n = 1 + random.nextInt(40);
            int m = 1 + random.nextInt(40);
            double[] cost = random.doubles((long) n * m).toArray();
            double[] a = masses(random, n, false);
            double[] b = masses(random, m, false);
            TransportPlan reused = transport.solve(cost, a, b);
            TransportPlan fresh = new ExactTransport().solve(cost, a, b);
            assertThat(reused.cost()).isEqualTo(fresh.cost());
            assertThat(reused.mass()).isEqualTo(fresh.mass());
        }
    }

    @Test
    void badInputIsNamed() {
        double[] one = {1};
        assertThatThrownBy(() -> transport.solve(new double[] {1, 2, 3}, new double[] {1, 1}, one))
                .hasMessage("expected 2 x 1 costs, got 3 values");
        assertThatThrownBy(
                        () ->
                                transport.solve(
                                        new double[] {1, Double.NaN}, one, new double[] {1, 1}))
                .hasMessage("costs must be finite, from source 0 to target 1 it is NaN");
        assertThatThrownBy(() -> transport.solve(new double[] {1}, one, new double[] {-1}))
                .hasMessage("masses must be finite and not negative, target 0 has -1.0");
        assertThatThrownBy(() -> transport.solve(new double[] {1}, new double[] {0}, one))
                .hasMessage("no source has any mass");
    }

    @Test
    void aMonitorStopsALargeProblem() {
        Random random = new Random(9);
        int n = 600;
        double[] cost = random.doubles((long) n * n).toArray();
        double[] a = masses(random, n, false);
        Monitor stop =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        throw new IllegalStateException("stopped");
                    }
                };
        assertThatThrownBy(() -> new ExactTransport(stop).solve(cost, a, masses(random, n, false)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("stopped");
    }

    private static double[] masses(Random random, int size, boolean integers) {
        DoubleStream masses = random.doubles(size);
        return integers
                ? masses.map(x -> 1 + Math.floor(3 * x)).toArray()
                : masses.map(x -> Math.exp(4 * x)).toArray();
    }

    private static double linearProgram(double[] cost, double[] a, double[] b) {
        double[] supply = CompensatedSum.normalise(a);
        double[] demand = CompensatedSum.normalise(b);
        int n = a.length;
        int m = b.length;
        List<LinearConstraint> constraints = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double[] row = new double[n * m];
            Arrays.fill(row, i * m, (i + 1) * m, 1);
            constraints.add(new LinearConstraint(row, Relationship.EQ, supply[i]));
        }
        // The last target's constraint follows from the others and would only add rounding.
        for (int j = 0; j < m - 1; j++) {
            double[] row = new double[n * m];
            for (int i = 0; i < n; i++) {
                row[i * m + j] = 1;
            }
            constraints.add(new LinearConstraint(row, Relationship.EQ, demand[j]));
        }
        return new SimplexSolver()
                .optimize(
                        new MaxIter(10_000),
                        new LinearObjectiveFunction(cost, 0),
                        new LinearConstraintSet(constraints),
                        new NonNegativeConstraint(true))
                .getValue();
    }
}
