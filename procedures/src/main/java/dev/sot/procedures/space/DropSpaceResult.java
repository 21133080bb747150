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

    DropSpaceResult(String space, SpaceStore.Removed removed) {
        this.space = space;
        this.distributions = removed.distributions();
        this.distances = removed.distances();
    }
}
