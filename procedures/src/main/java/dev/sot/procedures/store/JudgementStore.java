package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Judgements: pairs of features that were given to a judge outside the database without saying
 * which of them were matched, which is kept here, and what came back.
 */
public final class JudgementStore {

    /** Most judgements that a message lists. */
    private static final int LISTED = 20;

    private JudgementStore() {}

    /**
     * A pair of a judgement.
     *
     * @param source key of a feature
     * @param target key of another
     * @param random whether they were paired at random
     */
    public record Pair(String source, String target, boolean random) {}

    /**
     * Writes a judgement, unless it is there already.
     *
     * @param run the run of matches that is judged, if it is one
     */
    public static void write(
            Transaction tx, String id, List<Pair> pairs, String configuration, Optional<Node> run) {
        Node judgement = find(tx, id).orElseGet(() -> create(tx, id, pairs, configuration));
        run.filter(r -> !runs(judgement).contains(r))
                .ifPresent(r -> judgement.createRelationshipTo(r, Names.JUDGES));
    }

    private static Node create(Transaction tx, String id, List<Pair> pairs, String configuration) {
        Node judgement = tx.createNode(Names.JUDGEMENT);
        judgement.setProperty("id", id);
        judgement.setProperty("configuration", configuration);
        judgement.setProperty("sources", pairs.stream().map(Pair::source).toArray(String[]::new));
        judgement.setProperty("targets", pairs.stream().map(Pair::target).toArray(String[]::new));
        boolean[] random = new boolean[pairs.size()];
        for (int i = 0; i < random.length; i++) {
            random[i] = pairs.get(i).random();
        }
        judgement.setProperty("random", random);
        return judgement;
    }

    /** The runs of matches that a judgement is of. */
    private static List<Node> runs(Node judgement) {
        try (var judged = judgement.getRelationships(Direction.OUTGOING, Names.JUDGES)) {
            return judged.stream().map(Relationship::getEndNode).toList();
        }
    }

    /** A judgement by its id. */
    public static Optional<Node> find(Transaction tx, String id) {
        return Optional.ofNullable(tx.findNode(Names.JUDGEMENT, "id", id));
    }

    /**
     * Deletes a judgement.
     *
     * @throws ConfigurationException when there is none of that id
     */
    public static void delete(Transaction tx, String procedure, String id) {
        CorpusStore.detachDelete(
                find(tx, id)
                        .orElseThrow(
                                () ->
                                        new ConfigurationException(
                                                procedure + ": " + unknown(tx, id))));
    }

    private static String unknown(Transaction tx, String id) {
        List<String> ids;
        try (ResourceIterator<Node> found = tx.findNodes(Names.JUDGEMENT)) {
            ids = found.stream().map(j -> "'" + j.getProperty("id") + "'").sorted().toList();
        }
        return ids.isEmpty()
                ? "there is no judgement; CALL sot.match.judge.export writes one"
                : "there is no judgement '"
                        + id
                        + "'; the database holds "
                        + ids.stream().limit(LISTED).collect(Collectors.joining(", "))
                        + (ids.size() > LISTED ? " and " + (ids.size() - LISTED) + " more" : "");
    }

    /** For each pair whether it is random. */
    public static boolean[] random(Node judgement) {
        return (boolean[]) judgement.getProperty("random");
    }

    /**
     * Stores what a judge said, in place of what one said before, and its figures also with the
     * runs that are judged.
     *
     * @param scores for each pair 1 to 3, or 0 where nothing was said
     * @param figures of the scores; null where there is none
     */
    public static void judged(Node judgement, int[] scores, Map<String, Object> figures) {
        judgement.setProperty("scores", scores);
        set(judgement, figures);
        runs(judgement).forEach(run -> set(run, figures));
    }

    private static void set(Node node, Map<String, Object> figures) {
        figures.forEach(
                (key, value) -> {
                    if (value == null) {
                        node.removeProperty(key);
                    } else {
                        node.setProperty(key, value);
                    }
                });
    }
}
