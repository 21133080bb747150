package dev.sot.procedures.compression;

import dev.sot.formats.JsonMap;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.OwnGraph;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.cluster.SizeCriterion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * How to compress a circuit.
 *
 * @param procedure the procedure that was called, for errors
 * @param dendrogram the compression whose dendrogram is cut again, instead of computing one
 * @param id id of the compression; by default made from the circuit, the distance, the grouping and
 *     the number of supernodes
 * @param own a graph of the user's own to compress, where one is described
 * @param distance which distances among which items
 * @param grouping how items are grouped
 * @param constraints what may share a supernode
 * @param size into how many supernodes
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record CompressConfig(
        String procedure,
        Optional<Node> dendrogram,
        Optional<String> id,
        Optional<OwnGraph> own,
        DistanceChoice distance,
        GroupingChoice grouping,
        ConstraintChoice constraints,
        SizeChoice size,
        int concurrency,
        Map<String, Object> effective) {

    private static final String DENDROGRAM = "dendrogram";

    /** What can be given when a stored dendrogram is cut again; the rest is as it was. */
    private static final List<String> CUT =
            List.of(
                    "id",
                    "targetSize",
                    "targetRatio",
                    "maxDistance",
                    "maxInternalMass",
                    "acyclic",
                    "concurrency");

    /** Reads one that says how many supernodes a stored dendrogram is cut into, if it names one. */
    static CompressConfig of(Session session, String procedure, Map<String, Object> given) {
        CompressConfig config = ofAllCuts(session, procedure, given);
        if (config.dendrogram().isPresent() && config.size().criterion().isPresent()) {
            throw new Configuration(procedure, given)
                    .problem(
                            DENDROGRAM,
                            "needs one of [targetSize, targetRatio, maxDistance] to be cut at;"
                                    + " criteria need distances, which are not computed again");
        }
        return config;
    }

    /** Reads one that need not say that. */
    static CompressConfig ofAllCuts(Session session, String procedure, Map<String, Object> given) {
        if (given == null || given.get(DENDROGRAM) == null) {
            Configuration c = new Configuration(procedure, given);
            c.has(DENDROGRAM);
            return of(procedure, c);
        }
        Configuration c = new Configuration(procedure, given);
        Node compression =
                CompressionStore.require(session.tx(), c.optionalString(DENDROGRAM).orElseThrow());
        CUT.forEach(c::has);
        c.finish();
        Hierarchy.of(compression);
        Map<String, Object> all = JsonMap.read((String) compression.getProperty("configuration"));
        all.keySet().removeAll(CUT);
        all.remove("size");
        all.putAll(given);
        all.remove(DENDROGRAM);
        StoredCompression.space(session, procedure, compression)
                .ifPresent(space -> all.put("space", space));
        return of(Optional.of(compression), procedure, new Configuration(procedure, all));
    }

    /** Reads one that computes its own dendrogram, such as is stored with a compression. */
    static CompressConfig of(String procedure, Map<String, Object> given) {
        return of(procedure, new Configuration(procedure, given));
    }

    /** Reads what is left of a configuration, and finishes it. */
    static CompressConfig of(String procedure, Configuration c) {
        return of(Optional.empty(), procedure, c);
    }

    private static CompressConfig of(Optional<Node> dendrogram, String procedure, Configuration c) {
        Optional<String> id = c.optionalString("id");
        Optional<OwnGraph> own = OwnGraph.of(c);
        GroupingChoice grouping = GroupingChoice.of(c);
        DistanceChoice distance = DistanceChoice.of(c, grouping.method().measure(c));
        ConstraintChoice constraints = ConstraintChoice.of(c, grouping);
        SizeChoice size = SizeChoice.of(procedure, c, grouping.method());
        int concurrency = c.concurrency();
        return new CompressConfig(
                procedure,
                dendrogram,
                id,
                own,
                distance,
                grouping,
                constraints,
                size,
                concurrency,
                c.finish());
    }

    /** An error about what the configuration asks for. */
    ConfigurationException problem(String problem) {
        return new ConfigurationException(procedure + ": " + problem);
    }

    /** Bytes of heap that grouping so many items takes beside their distances. */
    long groupingBytes(int items) {
        boolean gap = size.criterion().filter(c -> c == SizeCriterion.GAP).isPresent();
        // A criterion looks at the cuts of a hierarchy, whose linkage uses up a copy.
        long chosen =
                gap
                        ? 16L * items * items
                        : size.criterion().isPresent() ? 8L * DistanceMatrix.length(items) : 0;
        return Math.max(grouping.bytes(items), chosen);
    }

    /** What is asked of groups of other kinds: the same constraints. */
    CompressConfig with(DistanceChoice otherDistance, GroupingChoice otherGrouping, SizeChoice n) {
        return new CompressConfig(
                procedure,
                Optional.empty(),
                id,
                own,
                otherDistance,
                otherGrouping,
                constraints,
                n,
                concurrency,
                effective);
    }
}
