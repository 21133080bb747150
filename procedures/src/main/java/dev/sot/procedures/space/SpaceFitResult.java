package dev.sot.procedures.space;

import java.util.List;
import java.util.Map;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** One fitted reference space. */
public final class SpaceFitResult {

    @Description("Name of the space.")
    public final String space;

    @Description("fitted, replaced, or unchanged when the same space was there.")
    public final String status;

    @Description(
            "What positions are placed by: aligned, concat, prompt, ridge, procrustes, logitLens or"
                    + " tokens.")
    public final String method;

    @Description("Why that method: asked for, or what was found about the corpus's prompts.")
    public final String reason;

    @Description(
            "Positions in a prompt whose states are its vector, negative ones counted from its end;"
                    + " empty when the method is not prompt.")
    public final List<Long> promptPositions;

    @Description("The corpora whose positions are placed.")
    public final List<String> corpora;

    @Description("The reference layer; null when the method is concat or tokens.")
    public final Long layer;

    @Description(
            "Layers whose states are concatenated, or mapped to the reference layer, itself among"
                    + " them; empty for other methods.")
    public final List<Long> layers;

    @Description(
            "Number of coordinates; fewer than asked for when the states vary in fewer directions;"
                    + " 1, the number of the token, when the method is tokens.")
    public final long dimension;

    @Description(
            "Share of the states' variance in the kept directions; null when the method is tokens.")
    public final Double explainedVariance;

    @Description(
            "The same share for the held-out prompts, in the directions that the others give; null"
                    + " when the method is tokens, or there are too few prompts.")
    public final Double heldOutVariance;

    @Description(
            "For each of the layers, with ridge, procrustes and logitLens: share of the variance of"
                    + " held-out positions' points that their points by that layer explain.")
    public final List<Double> heldOutR2;

    @Description(
            "For each of the layers: share of held-out positions whose point by that layer is"
                    + " nearer to their own point than to any other's.")
    public final List<Double> heldOutRetrieval;

    @Description("For each of the layers, with ridge: the penalty; 0 for the reference layer.")
    public final List<Double> penalties;

    @Description(
            "For each of the corpora: largest principal angle between the space and its states'"
                    + " main directions, in degrees; for the one the space is fitted on, that of"
                    + " its held-out prompts and a space of the others. null where not known.")
    public final List<Double> principalAngles;

    @Description(
            "For each of the corpora: variance of its states in the space's directions, as a share"
                    + " of what as many directions could hold.")
    public final List<Double> coverages;

    @Description("Corpora that leave the space.")
    public final List<String> warnings;

    @Description("Different tokens; null unless the method is tokens.")
    public final Long tokens;

    @Description("Those that occur in every corpus; null unless the method is tokens.")
    public final Long sharedTokens;

    @Description("Positions of the corpus, or of all corpora.")
    public final long positions;

    @Description("Positions left out because they are a prompt's first token.")
    public final long excludedFirstTokens;

    @Description(
            "Positions left out because their state is an outlier in length, as attention sinks"
                    + " are; with prompt, all positions of a prompt one of whose states is.")
    public final long excludedSinks;

    @Description(
            "What did the linear algebra of the fit: java or nd4j; null when the method is tokens.")
    public final String backend;

    @Description("Milliseconds spent on finding the excluded positions.")
    public final long preProcessingMillis;

    @Description("Milliseconds spent on fitting.")
    public final long computeMillis;

    @Description("Milliseconds spent on placing and writing the points.")
    public final long writeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    SpaceFitResult(
            Node space,
            String status,
            SpaceChoice choice,
            long preProcessingMillis,
            long computeMillis,
            long writeMillis,
            Map<String, Object> configuration) {
        this.space = (String) space.getProperty("name");
        this.status = status;
        this.method = choice.method().text();
        this.reason = choice.reason();
        this.promptPositions = choice.promptPositions().stream().map(Integer::longValue).toList();
        this.layer = whole(space, "layer");
        this.layers = SpaceFigures.layers(space);
        this.dimension = ((Number) space.getProperty("dimension")).intValue();
        this.explainedVariance = (Double) space.getProperty("explainedVariance", null);
        this.heldOutVariance = (Double) space.getProperty("heldOutVariance", null);
        SpaceFigures figures = SpaceFigures.of(space);
        this.corpora = figures.corpora();
        this.heldOutR2 = figures.heldOutR2();
        this.heldOutRetrieval = figures.heldOutRetrieval();
        this.penalties = figures.penalties();
        this.principalAngles = figures.principalAngles();
        this.coverages = figures.coverages();
        this.warnings = figures.warnings();
        this.tokens = whole(space, "tokens");
        this.sharedTokens = whole(space, "sharedTokens");
        this.positions = (Long) space.getProperty("positions");
        this.excludedFirstTokens = ((Number) space.getProperty("excludedFirstTokens")).intValue();
        this.excludedSinks = ((Number) space.getProperty("excludedSinks")).intValue();
        this.backend = (String) space.getProperty("backend", null);
        this.preProcessingMillis = preProcessingMillis;
        this.computeMillis = computeMillis;
        this.writeMillis = writeMillis;
        this.configuration = configuration;
    }

    private static Long whole(Node space, String key) {
        Number value = (Number) space.getProperty(key, null);
        return value == null ? null : value.longValue();
    }
}
