package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.cluster.Baselines;
import dev.sot.transport.cluster.NearestGraph;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;

/**
 * Groupings of the Graph Data Science library, where it is installed. Items go into a projection of
 * their own, numbered as they are here, which is dropped again whatever happens.
 */
final class GraphDataScience {

    private final Session session;
    private final String name = "sot-" + UUID.randomUUID();

    GraphDataScience(Session session) {
        this.session = session;
    }

    /**
     * Asks whether the library is there, for a grouping that needs it.
     *
     * @throws ConfigurationException if it is not
     */
    static void require(Session session, CompressConfig config) {
        GroupingChoice.Method method = config.grouping().method();
        if (!method.needsGraphDataScience()) {
            return;
        }
        String grouping = Configuration.name(method);
        String procedure = "gds." + grouping.toLowerCase(Locale.ROOT) + ".stream";
        try (Result found =
                session.tx()
                        .execute(
                                "SHOW PROCEDURES EXECUTABLE YIELD name WHERE name = $procedure"
                                        + " RETURN name",
                                Map.of("procedure", procedure))) {
            if (!found.hasNext()) {
                throw config.problem(
                        "grouping '"
                                + grouping
                                + "' needs "
                                + procedure
                                + " of the Graph Data Science library, which this server does not"
                                + " have; put its jar into the plugin directory and restart, or"
                                + " choose another grouping, such as 'kMedoids' or 'hdbscan'");
            }
        }
    }

    /**
     * Communities of the graph of nearest items by the Leiden algorithm (Traag, Waltman and van Eck
     * 2019), which maximises modularity.
     *
     * @param n number of items
     * @param gamma resolution: larger ones give more groups
     */
    int[] leiden(NearestGraph graph, int n, double gamma, long seed) {
        if (graph.source().length == 0) {
            return alone(n);
        }
        return grouped(
                n,
                "UNWIND range(0, size($source) - 1) AS e"
                        + " RETURN gds.graph.project($name, $source[e], $target[e],"
                        + " {relationshipProperties: {weight: $weight[e]}},"
                        + " {undirectedRelationshipTypes: ['*']})",
                Map.of(
                        "name", name,
                        "source", Arrays.stream(graph.source()).asLongStream().toArray(),
                        "target", Arrays.stream(graph.target()).asLongStream().toArray(),
                        "weight", graph.weight()),
                "CALL gds.leiden.stream($name, {relationshipWeightProperty: 'weight', gamma:"
                        + " $gamma, randomSeed: $seed, concurrency: 1}) YIELD nodeId, communityId"
                        + " RETURN nodeId, communityId AS label",
                Map.of("name", name, "gamma", gamma, "seed", seed));
    }

    /** Groups of points by k-means, of which some may be empty. */
    int[] kMeans(double[][] points, int k, int runs, long seed) {
        return grouped(
                points.length,
                "UNWIND range(0, size($points) - 1) AS i"
                        + " RETURN gds.graph.project($name, i, null, {sourceNodeProperties: {point:"
                        + " $points[i]}, targetNodeProperties: null})",
                Map.of("name", name, "points", List.of(points)),
                "CALL gds.kmeans.stream($name, {nodeProperty: 'point', k: $k, numberOfRestarts:"
                    + " $runs, initialSampler: 'kmeans++', maxIterations: 300, deltaThreshold: 0,"
                    + " randomSeed: $seed, concurrency: 1}) YIELD nodeId, communityId RETURN"
                    + " nodeId, communityId AS label",
                Map.of("name", name, "k", k, "runs", runs, "seed", seed));
    }

    /** Projects, runs, reads and drops. Items that the answer does not name stay alone. */
    private int[] grouped(
            int n,
            String projection,
            Map<String, Object> projected,
            String call,
            Map<String, Object> parameters) {
        Object[] group = new Object[n];
        Arrays.setAll(group, i -> "alone " + i);
        try {
            consume(session.tx(), projection, projected);
            try (Result rows = session.tx().execute(call, parameters)) {
                while (rows.hasNext()) {
                    Map<String, Object> row = rows.next();
                    group[((Number) row.get("nodeId")).intValue()] = row.get("label");
                }
            }
        } finally {
            drop();
        }
        return Baselines.byKey(group);
    }

    private static int[] alone(int n) {
        int[] group = new int[n];
        Arrays.setAll(group, i -> i);
        return group;
    }

    /** In a transaction of its own, because the caller's may have been stopped. */
    private void drop() {
        try (Transaction tx = session.db().beginTx()) {
            consume(
                    tx,
                    "CALL gds.graph.drop($name, false) YIELD graphName RETURN graphName",
                    Map.of("name", name));
            tx.commit();
        }
    }

    /** Runs a statement to its end: one that is closed early may not have begun. */
    private static void consume(Transaction tx, String statement, Map<String, Object> parameters) {
        try (Result result = tx.execute(statement, parameters)) {
            result.stream().forEach(row -> {});
        }
    }
}
