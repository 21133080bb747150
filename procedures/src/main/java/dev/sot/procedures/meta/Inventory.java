package dev.sot.procedures.meta;

import dev.sot.procedures.store.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/** What the database holds for SOT, by kind and name. */
final class Inventory {

    private record Kind(String type, Label label, String name, String... details) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind("model", Names.MODEL, "name"),
                    new Kind(
                            "dictionary",
                            Names.DICTIONARY,
                            "name",
                            "kind",
                            "hook",
                            "layers",
                            "widths"),
                    new Kind(
                            "corpus",
                            Names.CORPUS,
                            "name",
                            "model",
                            "prompts",
                            "positions",
                            "stateLayers",
                            "dictionaries",
                            "complete"),
                    new Kind(
                            "space",
                            Names.REFERENCE_SPACE,
                            "name",
                            "method",
                            "layer",
                            "layers",
                            "dimension",
                            "whitened",
                            "explainedVariance",
                            "complete"),
                    new Kind(
                            "circuit",
                            Names.CIRCUIT,
                            "slug",
                            "prompt",
                            "dictionary",
                            "nodes",
                            "links",
                            "replacementScore",
                            "completenessScore"),
                    new Kind(
                            "compression",
                            Names.COMPRESSION,
                            "id",
                            "method",
                            "space",
                            "featureSupernodes",
                            "retainedMass",
                            "staleSince"),
                    new Kind(
                            "judgement",
                            Names.JUDGEMENT,
                            "id",
                            "judge",
                            "judgeVerdicts",
                            "judgeMean",
                            "judgeRandomMean",
                            "judgeDifference"),
                    new Kind(
                            "match run",
                            Names.MATCH_RUN,
                            "id",
                            "state",
                            "space",
                            "sources",
                            "targets",
                            "matches",
                            "certified"),
                    new Kind("unfinished circuit", Names.STAGED_CIRCUIT, "slug"));

    private Inventory() {}

    static List<ListResult> of(Transaction tx) {
        List<ListResult> results = new ArrayList<>();
        for (Kind kind : KINDS) {
            try (ResourceIterator<Node> nodes = tx.findNodes(kind.label())) {
                nodes.stream()
                        .map(
                                n ->
                                        new ListResult(
                                                kind.type(),
                                                (String) n.getProperty(kind.name()),
                                                n.getProperties(kind.details())))
                        .sorted(Comparator.comparing((ListResult r) -> r.name))
                        .forEach(results::add);
            }
        }
        return results;
    }
}
