package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SpaceStore;
import org.neo4j.graphdb.Node;

/** Deletes a reference space, whole or not. */
final class DropSpace {

    private final Session session;

    DropSpace(Session session) {
        this.session = session;
    }

    DropSpaceResult run(String name) {
        if (name == null || name.isBlank()) {
            throw new ConfigurationException("sot.space.drop: name the space to delete");
        }
        Node space = session.tx().findNode(Names.REFERENCE_SPACE, "name", name);
        if (space == null) {
            throw new ConfigurationException(
                    "sot.space.drop: there is no reference space '" + name + "'");
        }
        long compressions = SpaceStore.compressions(session.tx(), name);
        return new DropSpaceResult(name, SpaceStore.delete(session, space), compressions);
    }
}
