package dev.sot.procedures.labelling;

import dev.sot.formats.LabellingFile;
import dev.sot.formats.LabellingFile.Answer;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;

/** Gives supernodes labels from a file. */
final class LabellingImport {

    private static final String IMPORTED = "imported";

    private final Session session;
    private final Optional<String> labeller;
    private final Map<String, String> partitions = new HashMap<>();

    LabellingImport(Session session, Map<String, Object> given) {
        this.session = session;
        Configuration configuration = new Configuration("sot.import.labelling", given);
        this.labeller = configuration.optionalString("labeller");
        configuration.finish();
    }

    List<ImportLabellingResult> run(Path file, String name) {
        List<Answer> answers =
                LabellingFile.read(
                        file,
                        name,
                        (done, total) -> {
                            session.monitor().check();
                            session.monitor().progress("reading " + name, done, total);
                        });
        List<Node> supernodes = new ArrayList<>();
        for (Answer answer : answers) {
            session.monitor().check();
            supernodes.add(supernode(answer, name));
        }
        List<ImportLabellingResult> results = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            results.add(label(supernodes.get(i), answers.get(i)));
        }
        return results;
    }

    private Node supernode(Answer answer, String file) {
        Node supernode = session.tx().findNode(Names.SUPERNODE, "key", answer.supernode());
        if (supernode == null) {
            throw new ConfigurationException(
                    file
                            + ": there is no supernode '"
                            + answer.supernode()
                            + "'; write supernodes as the file of prompts names them");
        }
        if (answer.label() != null && answer.labeller() == null && labeller.isEmpty()) {
            throw new ConfigurationException(
                    file
                            + ": the label of supernode '"
                            + answer.supernode()
                            + "' does not say whose it is; pass {labeller: 'name of the model or"
                            + " person'} or write a labeller on each line");
        }
        if (answer.partition() != null && !answer.partition().equals(partition(supernode))) {
            throw new ConfigurationException(
                    file
                            + ": the label of supernode '"
                            + answer.supernode()
                            + "' is one of another partition: it was compressed again in between;"
                            + " export the prompts and have them labelled anew");
        }
        return supernode;
    }

    private String partition(Node supernode) {
        Node compression =
                supernode
                        .getSingleRelationship(Names.IN_COMPRESSION, Direction.OUTGOING)
                        .getEndNode();
        return partitions.computeIfAbsent(
                compression.getElementId(), id -> PartitionHash.of(session, compression));
    }

    private ImportLabellingResult label(Node supernode, Answer answer) {
        String status = "noLabel";
        if (answer.label() != null) {
            String whose = answer.labeller() != null ? answer.labeller() : labeller.orElseThrow();
            boolean same =
                    answer.label().equals(supernode.getProperty("label"))
                            && whose.equals(supernode.getProperty("labeller", null));
            status = same ? "unchanged" : "labelled";
            keepFormer(supernode);
            supernode.setProperty("label", answer.label());
            supernode.setProperty("labelSource", IMPORTED);
            supernode.setProperty("labeller", whose);
            // A label of its own is drawn by the field's frontends even of a single node.
            supernode.setProperty("named", true);
        }
        return new ImportLabellingResult(
                answer.supernode(),
                (String) supernode.getProperty("label"),
                (String) supernode.getProperty("formerLabel", null),
                (String) supernode.getProperty("labeller", null),
                status);
    }

    /** Keeps the label that the supernode had before any was imported. */
    private static void keepFormer(Node supernode) {
        if (!supernode.hasProperty("formerLabel")) {
            supernode.setProperty("formerLabel", supernode.getProperty("label"));
            if (supernode.hasProperty("labelSource")) {
                supernode.setProperty("formerLabelSource", supernode.getProperty("labelSource"));
            }
        }
    }
}
