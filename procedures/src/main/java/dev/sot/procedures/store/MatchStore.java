package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Runs of matches: a {@code :MatchRun} with its {@code MATCHES} relationships, which name it, and
 * while it is not complete the finished parts of its computation.
 *
 * <p>A run is {@code running} until all of it is written, {@code complete} then, and {@code stale}
 * once its space was deleted or fitted anew.
 */
public final class MatchStore {

    private static final String RUNNING = "running";
    private static final String COMPLETE = "complete";
    private static final String STALE = "stale";

    private MatchStore() {}

    /** The run of that id, if there is one. */
    public static Optional<Node> find(Transaction tx, String id) {
        return Optional.ofNullable(tx.findNode(Names.MATCH_RUN, "id", id));
    }

    /**
     * The run of that id.
     *
     * @throws ConfigurationException when there is none
     */
    public static Node require(Transaction tx, String id) {
        return find(tx, id)
                .orElseThrow(
                        () ->
                                new ConfigurationException(
                                        "there is no match run '"
                                                + id
                                                + "'; CALL sot.list() lists the runs"));
    }

    /**
     * Refuses to write under the id of a run of another configuration.
     *
     * @throws ConfigurationException when there is one
     */
    public static void requireSame(Transaction tx, String id, String configuration) {
        find(tx, id)
                .filter(run -> !run.getProperty("configuration").equals(configuration))
                .ifPresent(
                        run -> {
                            throw new ConfigurationException(
                                    "match run '"
                                            + id
                                            + "' has another configuration, "
                                            + run.getProperty("configuration")
                                            + "; choose another id with {run: ...}, or delete it"
                                            + " with CALL sot.match.drop('"
                                            + id
                                            + "')");
                        });
    }

    /**
     * Marks the runs in a space that is deleted or fitted anew, or whose distributions change.
     *
     * @return how many
     */
    public static long markStale(Transaction tx, String space) {
        try (ResourceIterator<Node> runs = tx.findNodes(Names.MATCH_RUN)) {
            List<Node> stale =
                    runs.stream()
                            .filter(run -> space.equals(run.getProperty("space", null)))
                            .filter(run -> run.getProperty("state").equals(COMPLETE))
                            .toList();
            stale.forEach(run -> run.setProperty("state", STALE));
            return stale.size();
        }
    }

    /**
     * Begins a run, or goes on with it where it was begun on the same inputs.
     *
     * @param inputs identifies what is matched; parts of other inputs are deleted
     */
    public static void begin(BatchWriter writer, String id, String configuration, String inputs) {
        Node run =
                find(writer.tx(), id)
                        .orElseGet(
                                () -> {
                                    Node created = writer.tx().createNode(Names.MATCH_RUN);
                                    created.setProperty("id", id);
                                    created.setProperty("createdAt", now());
                                    return created;
                                });
        boolean same = inputs.equals(run.getProperty("inputs", null));
        BatchWriter.Handle handle = writer.handle(run);
        run.setProperty("configuration", configuration);
        run.setProperty("inputs", inputs);
        run.setProperty("state", RUNNING);
        if (!same) {
            deleteParts(writer, handle);
        }
    }

    private static ZonedDateTime now() {
        return ZonedDateTime.now(ZoneOffset.UTC);
    }

    private static void deleteParts(BatchWriter writer, BatchWriter.Handle run) {
        List<BatchWriter.Handle> parts = new ArrayList<>();
        try (var inRun = run.node().getRelationships(Direction.INCOMING, Names.IN_RUN)) {
            inRun.forEach(r -> parts.add(writer.handle(r.getStartNode())));
        }
        for (BatchWriter.Handle part : parts) {
            long bytes = 8L * ((double[]) part.node().getProperty("values")).length;
            CorpusStore.detachDelete(part.node());
            writer.wrote(bytes);
        }
    }

    private static String partKey(String run, String name, int block) {
        return run + "/" + name + "/" + block;
    }

    /** A finished part of a run's computation, if there is one. */
    public static Optional<double[]> part(Transaction tx, String run, String name, int block) {
        return Optional.ofNullable(tx.findNode(Names.MATCH_PART, "key", partKey(run, name, block)))
                .map(part -> (double[]) part.getProperty("values"));
    }

    /** Keeps a finished part, in a transaction of its own. */
    public static void keep(Session session, String run, String name, int block, double[] values) {
        try (Transaction tx = session.db().beginTx()) {
            Node part = tx.createNode(Names.MATCH_PART);
            part.setProperty("key", partKey(run, name, block));
            part.setProperty("values", values);
            part.createRelationshipTo(require(tx, run), Names.IN_RUN);
            tx.commit();
        }
    }

    /** Writes one match. */
    public static void write(
            BatchWriter writer, Node source, Node target, Map<String, Object> properties) {
        Relationship match = source.createRelationshipTo(target, Names.MATCHES);
        properties.forEach(match::setProperty);
        writer.wrote(1_000);
    }

    /** Completes a run whose matches are all written: what was kept of its computation goes. */
    public static void complete(BatchWriter writer, String id, Map<String, Object> properties) {
        BatchWriter.Handle run = writer.handle(require(writer.tx(), id));
        deleteParts(writer, run);
        properties.forEach(run.node()::setProperty);
        run.node().setProperty("completedAt", now());
        run.node().setProperty("state", COMPLETE);
    }

    /**
     * The best match of each source of a whole run.
     *
     * @throws ConfigurationException when the run is not whole
     */
    public static List<Relationship> best(Transaction tx, Node run) {
        String id = (String) run.getProperty("id");
        if (!run.getProperty("state").equals(COMPLETE)) {
            throw new ConfigurationException(
                    "match run '"
                            + id
                            + "' is "
                            + run.getProperty("state")
                            + "; repeat CALL sot.match.write with its configuration first");
        }
        try (ResourceIterator<Relationship> found =
                tx.findRelationships(Names.MATCHES, "run", id)) {
            return found.stream()
                    .filter(match -> ((Number) match.getProperty("rank")).intValue() == 1)
                    .toList();
        }
    }

    /** Deletes the matches of a run; returns how many there were. */
    public static long deleteMatches(Session session, BatchWriter writer, String id) {
        List<String> matches = new ArrayList<>();
        try (ResourceIterator<Relationship> found =
                writer.tx().findRelationships(Names.MATCHES, "run", id)) {
            found.forEachRemaining(match -> matches.add(match.getElementId()));
        }
        for (String match : matches) {
            session.monitor().check();
            writer.tx().getRelationshipByElementId(match).delete();
            writer.wrote(300);
        }
        return matches.size();
    }

    /** Deletes a run with its matches; returns how many there were. */
    public static long delete(Session session, BatchWriter writer, String id) {
        BatchWriter.Handle run = writer.handle(require(writer.tx(), id));
        run.node().setProperty("state", RUNNING);
        writer.flush();
        long deleted = deleteMatches(session, writer, id);
        deleteParts(writer, run);
        CorpusStore.detachDelete(run.node());
        return deleted;
    }

    /** Whether a run has too many matches to be deleted in one transaction. */
    public static boolean large(Transaction tx, String id) {
        return ((Number) require(tx, id).getProperty("matches", Long.MAX_VALUE)).longValue()
                > BatchWriter.LARGE_DELETION;
    }

    /** A map without the entries that are not known. */
    public static Map<String, Object> known(Object... keysAndValues) {
        Map<String, Object> known = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] != null) {
                known.put((String) keysAndValues[i], keysAndValues[i + 1]);
            }
        }
        return known;
    }
}
