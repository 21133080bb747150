package dev.sot.procedures.circuit;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;

/** Deletes a circuit that is named: never the only one by default. */
final class DropCircuit {

    private final Session session;

    DropCircuit(Session session) {
        this.session = session;
    }

    DropCircuitResult run(String slug) {
        if (slug == null || slug.isBlank()) {
            throw new ConfigurationException("sot.drop.circuit: name the circuit to delete");
        }
        return new DropCircuitResult(
                slug, CircuitStore.delete(session, CircuitStore.require(session.tx(), slug)));
    }
}
