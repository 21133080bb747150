package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Figures;
import dev.sot.procedures.store.MatchStore;
import dev.sot.transport.match.Match;
import dev.sot.transport.match.MatchStatistic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** A feature and what it is matched to, with the evidence. */
public final class MatchRow {

    @Description("The feature whose match was looked for.")
    public final Node source;

    @Description("Its match.")
    public final Node target;

    @Description("1 for the best.")
    public final long rank;

    @Description("Their exact distance.")
    public final double distance;

    @Description(
            "What matches are ranked by: the distance minus half that of the target from the whole"
                    + " corpus.")
    public final double score;

    @Description(
            "The distance of the distributions over all firings is at least this; null where a"
                    + " support's error is not known.")
    public final Double lower;

    @Description("And at most this.")
    public final Double upper;

    @Description("The next best target; null where there is none.")
    public final Node runnerUp;

    @Description(
            "Distance of the nearest other target minus that of the match; negative where the"
                    + " correction or the assignment made another than the nearest the match.")
    public final Double margin;

    @Description("Distance of the match divided by that of the nearest other target.")
    public final Double ratio;

    @Description("Whether the source is the best for the target, too.")
    public final boolean mutual;

    @Description(
            "Distance between the source's distributions on two halves of its prompts; null where"
                    + " it fires in fewer than two.")
    public final Double sourceNoise;

    @Description("The same of the target.")
    public final Double targetNoise;

    @Description(
            "The margin above which no sampling error of that size can have changed the match:"
                    + " twice the source's noise, the target's and the largest of the others.")
    public final Double marginBound;

    @Description("Whether the margin is above it.")
    public final boolean marginHolds;

    @Description(
            "How often a feature that has no partner stands out as much; of rank 1, else null.")
    public final Double pValue;

    @Description("The smallest false discovery rate at which the match is certified.")
    public final Double qValue;

    @Description(
            "Share of the resamples of the corpus in which the match stays the nearest; null"
                    + " without bootstraps.")
    public final Double bootstrapShare;

    @Description("Whether the match is sure at the level; if not, the feature may have none.")
    public final boolean certified;

    MatchRow(MatchClouds clouds, Certificate certificate) {
        Match match = certificate.match();
        List<Node> targets = clouds.targets().features();
        Optional<Double> error = clouds.error(match.source(), match.target());
        this.source = clouds.sources().features().get(match.source());
        this.target = targets.get(match.target());
        this.rank = match.rank();
        this.distance = match.distance();
        this.score = match.score();
        this.lower = error.map(e -> Math.max(0, distance - e)).orElse(null);
        this.upper = error.map(e -> distance + e).orElse(null);
        this.runnerUp = match.runnerUp() < 0 ? null : targets.get(match.runnerUp());
        this.margin = Figures.present(match.margin());
        this.ratio = Figures.present(MatchStatistic.ratio(match.distance(), match.second()));
        this.mutual = match.mutual();
        this.sourceNoise = Figures.present(certificate.sourceNoise());
        this.targetNoise = Figures.present(certificate.targetNoise());
        this.marginBound = Figures.present(certificate.marginBound());
        this.marginHolds = certificate.marginHolds();
        this.pValue = Figures.present(match.pValue());
        this.qValue = Figures.present(match.qValue());
        this.bootstrapShare = Figures.present(certificate.bootstrapShare());
        this.certified = certificate.certified();
    }

    /** What is stored of it. */
    Map<String, Object> properties(String run, String space) {
        return MatchStore.known(
                "run", run,
                "space", space,
                "rank", rank,
                "distance", distance,
                "score", score,
                "lower", lower,
                "upper", upper,
                "runnerUp", runnerUp == null ? null : runnerUp.getProperty("key"),
                "margin", margin,
                "ratio", ratio,
                "mutual", mutual,
                "sourceNoise", sourceNoise,
                "targetNoise", targetNoise,
                "marginBound", marginBound,
                "marginHolds", marginHolds,
                "pValue", pValue,
                "qValue", qValue,
                "bootstrapShare", bootstrapShare,
                "certified", certified);
    }
}
