package dev.sot.procedures.circuit;

import dev.sot.formats.CircuitDialect;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.Attribution;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.Scores;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/** Scores a circuit as it stands in the database. */
final class CircuitScore {

    private final Session session;

    CircuitScore(Session session) {
        this.session = session;
    }

    ScoreResult run(String slug, Map<String, Object> given) {
        Configuration configuration = new Configuration("sot.score", given);
        Optional<String> compression = configuration.optionalString("compression");
        configuration.finish();
        Node stored = CircuitStore.require(session.tx(), slug);
        requireScored(stored);
        LoadedCircuit circuit = LoadedCircuit.of(session, stored);
        if (compression.isEmpty()) {
            Scores scores = Attribution.scores(circuit.graph(), session.monitor());
            return new ScoreResult(
                    circuit.name(),
                    "circuit",
                    scores.replacement(),
                    scores.completeness(),
                    circuit.nodes().size());
        }
        Node chosen = CompressionStore.requireOf(session.tx(), compression.get(), circuit.name());
        boolean[] pinned = CompressionStore.members(chosen, circuit.nodes());
        CircuitGraph graph =
                Attribution.pinned(circuit.graph(), pinned, circuit.layer(), circuit.position());
        Scores scores = Attribution.scores(graph, session.monitor());
        long count = 0;
        for (boolean pin : pinned) {
            count += pin ? 1 : 0;
        }
        return new ScoreResult(
                circuit.name(), "pinned", scores.replacement(), scores.completeness(), count);
    }

    private static void requireScored(Node circuit) {
        String dialect = (String) circuit.getProperty("dialect");
        if (!CircuitDialect.of(dialect).scored()) {
            throw new ConfigurationException(
                    "sot.score: replacement and completeness are not defined for circuits of the"
                            + " dialect '"
                            + dialect
                            + "', whose sources are not embeddings and reconstruction errors"
                            + " alone");
        }
    }
}
