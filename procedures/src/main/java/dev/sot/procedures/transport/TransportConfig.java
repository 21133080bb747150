package dev.sot.procedures.transport;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.GroundCosts;
import dev.sot.transport.GroundCost;
import dev.sot.transport.approximate.Estimator;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a transport problem is solved.
 *
 * @param cost the ground cost c
 * @param order p, 1 or 2
 * @param estimator the approximation; empty for the exact solver
 * @param seed of what is random in it
 * @param plan whether the plan is wanted
 */
record TransportConfig(
        GroundCost cost, int order, Optional<Estimator> estimator, long seed, boolean plan) {

    private static final String EXACT = "exact";

    static TransportConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        GroundCost cost = GroundCosts.read(c, "cost", GroundCost.values());
        int order = c.integer("order", 1, 1, 2);
        String[] solvers =
                Stream.concat(
                                Stream.of(EXACT),
                                Arrays.stream(Estimator.values()).map(Estimator::toString))
                        .toArray(String[]::new);
        String solver = c.oneOf("solver", EXACT, solvers);
        long seed = c.longInteger("seed", 42);
        boolean plan = c.bool("plan", false);
        c.finish();
        if (!solver.equals(EXACT) && (plan || cost == GroundCost.ZERO_ONE)) {
            throw c.problem(
                    "solver",
                    "must be 'exact' "
                            + (plan ? "where the plan is wanted" : "for the cost 'zeroOne'")
                            + ", got '"
                            + solver
                            + "'");
        }
        return new TransportConfig(
                cost,
                order,
                Arrays.stream(Estimator.values())
                        .filter(estimator -> estimator.toString().equals(solver))
                        .findFirst(),
                seed,
                plan);
    }
}
