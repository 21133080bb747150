package dev.sot.procedures.circuit;

import dev.sot.procedures.store.CircuitStore;
import org.neo4j.procedure.Description;

/** What was deleted with a circuit. */
public final class DropCircuitResult {

    @Description("The circuit's name.")
    public final String slug;

    @Description("Circuit nodes deleted.")
    public final long nodes;

    @Description("Links deleted.")
    public final long links;

    @Description("Compressions deleted.")
    public final long compressions;

    DropCircuitResult(String slug, CircuitStore.Removed removed) {
        this.slug = slug;
        this.nodes = removed.nodes();
        this.links = removed.links();
        this.compressions = removed.compressions();
    }
}
