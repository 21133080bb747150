package dev.sot.procedures.store;

import dev.sot.formats.InterventionKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * What a model did when its features were made to behave as a compression says: one {@code
 * :Intervention} for each thing measured, {@code OF_COMPRESSION} and, where it was done to one
 * supernode, {@code ON_SUPERNODE}.
 */
public final class InterventionStore {

    /** The measure that says how much of the model's behaviour is kept. */
    public static final String FAITHFULNESS = "faithfulness";

    private InterventionStore() {}

    /**
     * How something was measured: what does not fit is another measurement, not a newer one.
     *
     * @param model the model that was run
     * @param promptSet what prompts it was run on
     * @param others what features outside the circuit had
     */
    public record Setting(String model, String promptSet, String others) {

        private String hash() {
            try {
                byte[] bytes =
                        String.join("\n", model, promptSet, others)
                                .getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What writing one measurement did. */
    public enum Outcome {
        CREATED,
        REPLACED,
        UNCHANGED
    }

    /**
     * Writes one measurement, or leaves it as it is where the database has it already.
     *
     * @param supernode null where the intervention was on the whole partition
     * @param source the file that it comes from
     */
    public static Outcome write(
            Transaction tx,
            Node compression,
            Node supernode,
            Setting setting,
            InterventionKind kind,
            String measure,
            double value,
            long prompts,
            String source) {
        String of =
                supernode == null
                        ? (String) compression.getProperty("id")
                        : (String) supernode.getProperty("key");
        String key = of + "/" + kind.word() + "/" + measure + "@" + setting.hash();
        Node node = tx.findNode(Names.INTERVENTION, "key", key);
        Outcome outcome = Outcome.REPLACED;
        if (node == null) {
            outcome = Outcome.CREATED;
            node = tx.createNode(Names.INTERVENTION);
            node.setProperty("key", key);
            node.setProperty("kind", kind.word());
            node.setProperty("measure", measure);
            node.setProperty("model", setting.model());
            node.setProperty("promptSet", setting.promptSet());
            node.setProperty("others", setting.others());
            node.createRelationshipTo(compression, Names.OF_COMPRESSION);
            if (supernode != null) {
                node.createRelationshipTo(supernode, Names.ON_SUPERNODE);
            }
        } else if (node.getProperty("value").equals(value)
                && node.getProperty("prompts").equals(prompts)) {
            return Outcome.UNCHANGED;
        }
        node.setProperty("value", value);
        node.setProperty("prompts", prompts);
        node.setProperty("source", source);
        node.setProperty("createdAt", ZonedDateTime.now(ZoneOffset.UTC));
        return outcome;
    }

    /**
     * The faithfulness that was measured of a compression as a whole; of several measurements, in
     * different settings, the newest.
     */
    public static Optional<Double> faithfulness(Node compression) {
        return of(compression).stream()
                .filter(i -> i.getProperty("kind").equals(InterventionKind.AVERAGE.word()))
                .filter(i -> i.getProperty("measure").equals(FAITHFULNESS))
                .max(
                        Comparator.comparing((Node i) -> (ZonedDateTime) i.getProperty("createdAt"))
                                .thenComparing(i -> (String) i.getProperty("key")))
                .map(i -> (Double) i.getProperty("value"));
    }

    /** What was measured of a compression. */
    static List<Node> of(Node compression) {
        List<Node> interventions = new ArrayList<>();
        try (var relationships =
                compression.getRelationships(Direction.INCOMING, Names.OF_COMPRESSION)) {
            relationships.forEach(r -> interventions.add(r.getStartNode()));
        }
        return interventions;
    }
}
