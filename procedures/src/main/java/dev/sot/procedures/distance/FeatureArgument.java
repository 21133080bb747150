package dev.sot.procedures.distance;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.Names;
import java.util.Locale;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/** A feature given to a procedure or function: a {@code :Feature} node or its key. */
public final class FeatureArgument {

    private FeatureArgument() {}

    /**
     * The feature.
     *
     * @param callee the procedure or function, for errors
     * @param name the argument
     */
    public static Node feature(Transaction tx, String callee, String name, Object argument) {
        if (argument instanceof String key) {
            return FeatureSelection.requireFeature(tx, key);
        }
        if (argument instanceof Node node && node.hasLabel(Names.FEATURE)) {
            return node;
        }
        throw new ConfigurationException(
                callee
                        + ": argument `"
                        + name
                        + "` must be a :Feature node or the key of one, got "
                        + (argument == null
                                ? "null"
                                : argument instanceof Node
                                        ? "a node without that label"
                                        : argument.getClass()
                                                .getSimpleName()
                                                .toLowerCase(Locale.ROOT)));
    }
}
