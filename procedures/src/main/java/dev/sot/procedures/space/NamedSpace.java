package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * The space of a name, if there is one.
 *
 * @param found the space, whole or not
 * @param unchanged whether it is whole and the one that is to be fitted
 */
record NamedSpace(Optional<Node> found, boolean unchanged) {

    /**
     * Looks for it.
     *
     * @param contentHash of the space that is to be fitted
     * @throws ConfigurationException when there is a different one that may not be replaced
     */
    static NamedSpace of(Session session, String name, String contentHash, boolean replace) {
        Node space = session.tx().findNode(Names.REFERENCE_SPACE, "name", name);
        if (space == null) {
            return new NamedSpace(Optional.empty(), false);
        }
        boolean complete = (Boolean) space.getProperty("complete", false);
        boolean same = complete && contentHash.equals(space.getProperty("contentHash"));
        if (complete && !same && !replace) {
            throw new ConfigurationException(
                    "sot.space.fit: there is a different reference space '"
                            + name
                            + "' already, on corpus '"
                            + String.join("', '", SpacePositions.of(space).names())
                            + "'; give this one another {name: ...}, or pass {replace: true} to"
                            + " replace that one with its distributions and distances");
        }
        return new NamedSpace(Optional.of(space), same);
    }

    /** Deletes it to make room for the new one. */
    void delete(Session session) {
        found.ifPresent(space -> SpaceStore.delete(session, space));
    }

    /** What becomes of the name when the new one is written. */
    String status() {
        return found.isPresent() ? "replaced" : "fitted";
    }
}
