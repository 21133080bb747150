package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.MatchStore;

/** Deletes a run of matches, whole or not. */
final class DropMatch {

    private final Session session;

    DropMatch(Session session) {
        this.session = session;
    }

    DropMatchResult run(String id) {
        if (id == null || id.isBlank()) {
            throw new ConfigurationException("sot.match.drop: name the run to delete");
        }
        return Exclusive.run(session, "match run '" + id + "'", () -> delete(id));
    }

    private DropMatchResult delete(String id) {
        boolean large = MatchStore.large(session.tx(), id);
        try (BatchWriter writer =
                BatchWriter.of(session, large, MatchStore.require(session.tx(), id))) {
            long matches = MatchStore.delete(session, writer, id);
            writer.finish();
            return new DropMatchResult(id, matches);
        }
    }
}
