package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Figures;
import java.util.Map;
import java.util.function.Predicate;
import org.neo4j.procedure.Description;

/** What a run of matches found. */
public final class MatchStats {

    @Description("The reference space.")
    public final String space;

    @Description("Sources that have a distribution.")
    public final long sources;

    @Description("Targets that have one.")
    public final long targets;

    @Description("Sources without a distribution, and so without a match.")
    public final long sourcesWithoutDistribution;

    @Description("Targets without one, which are nobody's match.")
    public final long targetsWithoutDistribution;

    @Description("Matches, of all ranks.")
    public final long matches;

    @Description("Sources that have a distribution and no match.")
    public final long sourcesWithoutMatch;

    @Description("Matches that are sure at the level.")
    public final long certified;

    @Description(
            "Matches of rank 1 without a p-value: there is no other feature to compare with, or"
                    + " one of the two fires in fewer than two prompts, so that its noise is not"
                    + " known.")
    public final long untested;

    @Description("Matches whose source is the best for the target, too.")
    public final long mutual;

    @Description("Targets that are the first match of a source.")
    public final long distinctTargets;

    @Description("Matches whose margin exceeds its bound.")
    public final long marginHolds;

    @Description("Mean distance of the matches of rank 1; null without any.")
    public final Double meanDistance;

    @Description("Milliseconds spent on loading and matching.")
    public final long computeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    MatchStats(Matcher matcher, long computeMillis, Map<String, Object> configuration) {
        this.space = matcher.clouds().spaceName();
        this.sources = matcher.clouds().sources().features().size();
        this.targets = matcher.clouds().targets().features().size();
        this.sourcesWithoutDistribution = matcher.sourcesWithout();
        this.targetsWithoutDistribution = matcher.targetsWithout();
        this.matches = matcher.matches().size();
        this.sourcesWithoutMatch =
                sources
                        - matcher.matches().stream()
                                .map(c -> c.match().source())
                                .distinct()
                                .count();
        this.certified = count(matcher, Certificate::certified);
        this.untested =
                count(matcher, c -> c.match().rank() == 1 && Double.isNaN(c.match().pValue()));
        this.mutual = count(matcher, c -> c.match().mutual());
        this.distinctTargets =
                matcher.matches().stream()
                        .filter(c -> c.match().rank() == 1)
                        .map(c -> c.match().target())
                        .distinct()
                        .count();
        this.marginHolds = count(matcher, Certificate::marginHolds);
        this.meanDistance =
                Figures.present(
                        matcher.matches().stream()
                                .filter(c -> c.match().rank() == 1)
                                .mapToDouble(c -> c.match().distance())
                                .average()
                                .orElse(Double.NaN));
        this.computeMillis = computeMillis;
        this.configuration = configuration;
    }

    private static long count(Matcher matcher, Predicate<Certificate> which) {
        return matcher.matches().stream().filter(which).count();
    }
}
