package dev.sot.procedures.corpus;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;

/** Deletes a corpus on which no reference space depends. */
final class DropCorpus {

    private final Session session;

    DropCorpus(Session session) {
        this.session = session;
    }

    DropCorpusResult run(String name) {
        if (name == null || name.isBlank()) {
            throw new ConfigurationException("sot.drop.corpus: name the corpus to delete");
        }
        Node corpus = session.tx().findNode(Names.CORPUS, "name", name);
        if (corpus == null) {
            throw new ConfigurationException("sot.drop.corpus: there is no corpus '" + name + "'");
        }
        if (corpus.hasRelationship(Direction.INCOMING, Names.FITTED_ON)) {
            throw new ConfigurationException(
                    "sot.drop.corpus: reference spaces are fitted on '"
                            + name
                            + "'; drop them first with CALL sot.space.drop(name)");
        }
        return new DropCorpusResult(name, CorpusStore.delete(session, corpus));
    }
}
