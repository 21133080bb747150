package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * How to compress a circuit.
 *
 * @param id id of the compression; by default made from the circuit, the distance and the number of
 *     supernodes
 * @param distance which distances among which items
 * @param grouping how items are grouped
 * @param constraints what may share a supernode
 * @param size into how many supernodes
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record CompressConfig(
        Optional<String> id,
        DistanceChoice distance,
        GroupingChoice grouping,
        ConstraintChoice constraints,
        SizeChoice size,
        int concurrency,
        Map<String, Object> effective) {

    static CompressConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> id = c.optionalString("id");
        DistanceChoice distance = DistanceChoice.of(c);
        GroupingChoice grouping = GroupingChoice.of(c);
        ConstraintChoice constraints = ConstraintChoice.of(c, grouping);
        SizeChoice size = SizeChoice.of(procedure, c, grouping.method());
        int concurrency = c.concurrency();
        return new CompressConfig(
                id, distance, grouping, constraints, size, concurrency, c.finish());
    }
}
