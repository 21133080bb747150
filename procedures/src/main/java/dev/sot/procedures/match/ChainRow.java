package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.match.Fate;
import java.util.List;
import java.util.Set;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** A feature and what becomes of it from layer to layer. */
public final class ChainRow {

    @Description("The feature.")
    public final Node feature;

    @Description("Its layer.")
    public final long layer;

    @Description(
            "What becomes of it: born, persists, splits, merges, dies; silent where it has no"
                    + " distribution.")
    public final List<String> fates;

    @Description("Features of the layer before that are linked to it.")
    public final List<Node> predecessors;

    @Description("Features of the layer after that it is linked to.")
    public final List<Node> successors;

    @Description(
            "Number of the chain of persisting features that it is on; null where it is on none.")
    public final Long chain;

    @Description("How many layers that chain goes through.")
    public final Long chainLength;

    ChainRow(
            Node feature,
            Set<Fate> fates,
            List<Node> predecessors,
            List<Node> successors,
            Long chain,
            Long chainLength) {
        this.feature = feature;
        this.layer = ((Number) feature.getProperty("layer")).longValue();
        this.fates = fates.stream().map(Configuration::name).toList();
        this.predecessors = predecessors;
        this.successors = successors;
        this.chain = chain;
        this.chainLength = chainLength;
    }
}
