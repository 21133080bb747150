package dev.sot.procedures.space;

import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SpaceStore;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;
import org.neo4j.procedure.Description;

/** One reference space. */
public final class SpaceRow {

    @Description("Name of the space.")
    public final String space;

    @Description(
            "Whether it is whole; one whose fit was cut short is refused until it is repeated.")
    public final boolean complete;

    @Description("What positions are placed by.")
    public final String method;

    @Description("The corpora whose positions are placed.")
    public final List<String> corpora;

    @Description("The reference layer; null when the method is concat or tokens.")
    public final Long layer;

    @Description("Layers that are concatenated or mapped; empty for other methods.")
    public final List<Long> layers;

    @Description("Number of coordinates.")
    public final long dimension;

    @Description("Whether each has unit variance.")
    public final boolean whitened;

    @Description("Features that have a distribution in it.")
    public final long distributions;

    @Description("Share of the states' variance in the kept directions; null for tokens.")
    public final Double explainedVariance;

    @Description("The same for held-out prompts; null where not known.")
    public final Double heldOutVariance;

    @Description("One a layer: variance of held-out points that those by that layer explain.")
    public final List<Double> heldOutR2;

    @Description("One a layer: share of held-out positions found by their point by that layer.")
    public final List<Double> heldOutRetrieval;

    @Description("One a layer: the penalty of the ridge regression.")
    public final List<Double> penalties;

    @Description("One a corpus: largest principal angle to the space, in degrees.")
    public final List<Double> principalAngles;

    @Description("One a corpus: variance in the space, of what as many directions could hold.")
    public final List<Double> coverages;

    @Description("Corpora that leave the space.")
    public final List<String> warnings;

    private SpaceRow(Node node) {
        SpaceFigures figures = SpaceFigures.of(node);
        this.space = (String) node.getProperty("name");
        this.complete = (Boolean) node.getProperty("complete", false);
        this.method = (String) node.getProperty("method");
        this.corpora = figures.corpora();
        this.layer =
                node.hasProperty("layer")
                        ? Long.valueOf(((Number) node.getProperty("layer")).longValue())
                        : null;
        this.layers = SpaceFigures.layers(node);
        this.dimension = ((Number) node.getProperty("dimension")).longValue();
        this.whitened = (Boolean) node.getProperty("whitened");
        this.distributions = SpaceStore.distributions(node);
        this.explainedVariance = (Double) node.getProperty("explainedVariance", null);
        this.heldOutVariance = (Double) node.getProperty("heldOutVariance", null);
        this.heldOutR2 = figures.heldOutR2();
        this.heldOutRetrieval = figures.heldOutRetrieval();
        this.penalties = figures.penalties();
        this.principalAngles = figures.principalAngles();
        this.coverages = figures.coverages();
        this.warnings = figures.warnings();
    }

    /** All spaces, by name. */
    static Stream<SpaceRow> all(Transaction tx) {
        try (ResourceIterator<Node> spaces = tx.findNodes(Names.REFERENCE_SPACE)) {
            return spaces.stream()
                    .map(SpaceRow::new)
                    .sorted(Comparator.comparing((SpaceRow row) -> row.space))
                    .toList()
                    .stream();
        }
    }
}
