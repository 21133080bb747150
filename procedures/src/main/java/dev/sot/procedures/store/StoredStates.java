package dev.sot.procedures.store;

import dev.sot.procedures.runtime.Session;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/**
 * What a corpus has of hidden states at one layer.
 *
 * @param positions positions that have one
 * @param hook where in the model they were taken, if that is known
 */
public record StoredStates(long positions, Optional<String> hook) {

    /** By layer, for each layer that the corpus says it has states of. */
    public static Map<Integer, StoredStates> of(Session session, Node corpus) {
        Map<Integer, StoredStates> found = new TreeMap<>();
        for (int layer : CorpusStore.stateLayers(corpus)) {
            found.put(layer, new StoredStates(0, Optional.empty()));
        }
        try (var relationships = corpus.getRelationships(Direction.INCOMING, Names.IN_CORPUS)) {
            for (Relationship relationship : relationships) {
                session.monitor().check();
                Node node = relationship.getStartNode();
                if (node.hasLabel(Names.HIDDEN_STATES)) {
                    found.merge(
                            ((Number) node.getProperty("layer")).intValue(),
                            new StoredStates(
                                    ((Number) node.getProperty("count")).longValue(),
                                    Optional.ofNullable((String) node.getProperty("hook", null))),
                            (a, b) ->
                                    new StoredStates(
                                            a.positions + b.positions, a.hook.or(() -> b.hook)));
                }
            }
        }
        return found;
    }
}
