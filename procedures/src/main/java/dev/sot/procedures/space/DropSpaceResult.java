package dev.sot.procedures.space;

import dev.sot.procedures.store.SpaceStore;
import org.neo4j.procedure.Description;

/** What was deleted with a reference space. */
public final class DropSpaceResult {

    @Description("Name of the space.")
    public final String space;

    @Description("Distributions deleted.")
    public final long distributions;

    @Description("Stored distances and nearest neighbours deleted.")
    public final long distances;

    @Description("Match runs that are stale now.")
    public final long matchRuns;

    @Description(
            "Compressions that were made in it: they stay, but cannot be evaluated or cut again.")
    public final long compressions;

    DropSpaceResult(String space, SpaceStore.Removed removed, long compressions) {
        this.space = space;
        this.matchRuns = removed.matchRuns();
        this.compressions = compressions;
        this.distributions = removed.distributions();
        this.distances = removed.distances();
    }
}
