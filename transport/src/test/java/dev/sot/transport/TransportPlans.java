package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;

/** What every plan must satisfy, and random measures to make plans of. */
final class TransportPlans {

    private TransportPlans() {}

    /** The same for a plan between clouds. */
    static void assertOptimal(TransportPlan plan, Cloud f, Cloud g) {
        assertOptimal(plan, f.weights(), g.weights());
    }

    /** Conserves mass, is sorted and sparse, and costs what its potentials certify. */
    static void assertOptimal(TransportPlan plan, double[] a, double[] b) {
        double[] sent = new double[a.length];
        double[] received = new double[b.length];
        for (int k = 0; k < plan.mass().length; k++) {
            assertThat(plan.mass()[k]).isPositive();
            sent[plan.source()[k]] += plan.mass()[k];
            received[plan.target()[k]] += plan.mass()[k];
            if (k > 0) {
                assertThat((long) plan.source()[k] << 32 | plan.target()[k])
                        .isGreaterThan((long) plan.source()[k - 1] << 32 | plan.target()[k - 1]);
            }
        }
        assertThat(plan.mass()).hasSizeLessThanOrEqualTo(a.length + b.length - 1);
        assertThat(sent).containsExactly(CompensatedSum.normalise(a), within(1e-15));
        assertThat(received).containsExactly(CompensatedSum.normalise(b), within(1e-15));
        assertThat(plan.sourcePotential()).hasSize(a.length);
        assertThat(plan.targetPotential()).hasSize(b.length);
    }

    /** The potentials of a plan nowhere exceed the cost. */
    static void assertFeasible(TransportPlan plan, double[] cost) {
        double scale = Arrays.stream(cost).map(Math::abs).max().orElseThrow();
        int m = plan.targetPotential().length;
        for (int i = 0; i < cost.length; i++) {
            assertThat(plan.sourcePotential()[i / m] + plan.targetPotential()[i % m])
                    .isLessThanOrEqualTo(cost[i] + 1e-14 * scale);
        }
    }

    static PointTable points(Random random, int size, int dimension) {
        float[] values = new float[size * dimension];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new PointTable(dimension, values);
    }

    /** Lognormal weights on a random part of a table. */
    static Distribution distribution(Random random, int tableSize, int size) {
        int[] positions = random.ints(0, tableSize).distinct().limit(size).sorted().toArray();
        double[] weights = new double[size];
        for (int i = 0; i < size; i++) {
            weights[i] = Math.exp(1.5 * random.nextGaussian());
        }
        return new Distribution(positions, CompensatedSum.normalise(weights));
    }
}
