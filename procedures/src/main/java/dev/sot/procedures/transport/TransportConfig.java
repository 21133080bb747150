package dev.sot.procedures.transport;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.GroundCosts;
import dev.sot.transport.GroundCost;
import java.util.Map;

/**
 * How a transport problem is solved.
 *
 * @param cost the ground cost c
 * @param order p, 1 or 2
 * @param plan whether the plan is wanted
 */
record TransportConfig(GroundCost cost, int order, boolean plan) {

    static TransportConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        GroundCost cost = GroundCosts.read(c, "cost", GroundCost.values());
        int order = c.integer("order", 1, 1, 2);
        c.oneOf("solver", "exact", "exact");
        boolean plan = c.bool("plan", false);
        c.finish();
        return new TransportConfig(cost, order, plan);
    }
}
