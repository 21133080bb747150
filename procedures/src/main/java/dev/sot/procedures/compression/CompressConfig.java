package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.store.OwnGraph;
import java.util.Map;
import java.util.Optional;

/**
 * How to compress a circuit.
 *
 * @param id id of the compression; by default made from the circuit, the distance and the number of
 *     supernodes
 * @param own a graph of the user's own to compress, where one is described
 * @param distance which distances among which items
 * @param grouping how items are grouped
 * @param constraints what may share a supernode
 * @param size into how many supernodes
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record CompressConfig(
        Optional<String> id,
        Optional<OwnGraph> own,
        DistanceChoice distance,
        GroupingChoice grouping,
        ConstraintChoice constraints,
        SizeChoice size,
        int concurrency,
        Map<String, Object> effective) {

    static CompressConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> id = c.optionalString("id");
        Optional<OwnGraph> own = OwnGraph.of(c);
        DistanceChoice distance = DistanceChoice.of(c);
        GroupingChoice grouping = GroupingChoice.of(c);
        ConstraintChoice constraints = ConstraintChoice.of(c, grouping);
        SizeChoice size = SizeChoice.of(procedure, c, grouping.method());
        int concurrency = c.concurrency();
        return new CompressConfig(
                id, own, distance, grouping, constraints, size, concurrency, c.finish());
    }

    /** What is asked of groups of other kinds: the same constraints. */
    CompressConfig with(DistanceChoice otherDistance, GroupingChoice otherGrouping, SizeChoice n) {
        return new CompressConfig(
                id, own, otherDistance, otherGrouping, constraints, n, concurrency, effective);
    }
}
