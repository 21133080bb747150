package dev.sot.procedures.distribution;

import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.space.Departure;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** What adding a batch changed. */
public final class AppendResult {

    @Description("The reference space.")
    public final String space;

    @Description(
            "The corpus that is the batch; with unchanged the one of the same contents that the"
                    + " space has.")
    public final String corpus;

    @Description(
            "appended, completed when an earlier call had been cut short, or unchanged when the"
                    + " space has it already.")
    public final String status;

    @Description("Number of the batch; 0 for corpora that the space was fitted with.")
    public final long batch;

    @Description("Positions of the corpus.")
    public final long positions;

    @Description("Features whose distribution was written.")
    public final long updatedFeatures;

    @Description("Of these, features that fire for the first time and had none.")
    public final long newFeatures;

    @Description("Distributions in the space that stayed as they were.")
    public final long untouchedFeatures;

    @Description(
            "Features that fire in the batch and have no distribution, though they fired before, or"
                    + " newFeatures is false; they still have none.")
    public final long withoutDistribution;

    @Description("Features that fire in the batch on excluded positions only.")
    public final long onlyExcludedFeatures;

    @Description("Firings added.")
    public final long firings;

    @Description("Firings left out because their position is excluded.")
    public final long excludedFirings;

    @Description(
            "Mean of the largest W1 that an updated distribution can have from that of all firings,"
                    + " over those for which it is known; null without any.")
    public final Double meanSupportError1;

    @Description("The same for W2.")
    public final Double meanSupportError2;

    @Description("Stored distances that became stale.")
    public final long staleDistances;

    @Description("Stored nearest neighbours that became stale.")
    public final long staleNeighbours;

    @Description("Match runs that became stale.")
    public final long staleMatchRuns;

    @Description("Compressions that became stale.")
    public final long staleCompressions;

    @Description(
            "Largest principal angle between the space and the main directions of the corpus's"
                    + " states, in degrees; null where not known.")
    public final Double principalAngle;

    @Description(
            "Variance of its states in the space's directions, as a share of what as many"
                    + " directions could hold; null where not known.")
    public final Double coverage;

    @Description("Whether the corpus leaves the space; null where not known.")
    public final Boolean leavesSpace;

    @Description("Milliseconds spent on placing positions, reducing supports and writing.")
    public final long computeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    AppendResult(
            String spaceName,
            SpaceStore.Batch batch,
            String status,
            AppendCounts counts,
            Node space,
            long computeMillis,
            Map<String, Object> configuration) {
        this.space = spaceName;
        this.corpus = (String) batch.corpus().getProperty("name");
        this.status = status;
        this.batch = batch.number();
        this.positions = (Long) batch.corpus().getProperty("positions");
        this.updatedFeatures = counts.updated;
        this.newFeatures = counts.newFeatures;
        this.untouchedFeatures =
                SpaceStore.distributions(space) - counts.updated - counts.completedBefore;
        this.withoutDistribution = counts.withoutDistribution;
        this.onlyExcludedFeatures = counts.onlyExcluded;
        this.firings = counts.firings;
        this.excludedFirings = counts.excludedFirings;
        this.meanSupportError1 = counts.withError == 0 ? null : counts.errors1 / counts.withError;
        this.meanSupportError2 = counts.withError == 0 ? null : counts.errors2 / counts.withError;
        this.staleDistances = counts.staleDistances;
        this.staleNeighbours = counts.staleNeighbours;
        this.staleMatchRuns = counts.staleMatchRuns;
        this.staleCompressions = counts.staleCompressions;
        Optional<Departure> departure =
                SpaceStore.placed(space).stream()
                        .filter(p -> p.name().equals(corpus))
                        .findFirst()
                        .flatMap(SpaceStore.Placed::departure);
        this.principalAngle = departure.map(Departure::angle).orElse(null);
        this.coverage = departure.map(Departure::coverage).orElse(null);
        this.leavesSpace = departure.map(Departure::leaves).orElse(null);
        this.computeMillis = computeMillis;
        this.configuration = configuration;
    }
}
