package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * What features were recorded to do on the positions of a space, outside the excluded positions.
 */
final class RecordedFirings {

    private final Session session;
    private final SpacePositions positions;
    private final BitSet excluded;
    private final double exponent;

    /**
     * Reads what is excluded.
     *
     * @param exponent weights are activations to this power
     */
    RecordedFirings(Session session, Node space, double exponent) {
        this.session = session;
        this.positions = SpacePositions.of(space);
        this.excluded = SpaceStore.excluded(session.tx(), space);
        this.exponent = exponent;
    }

    SpacePositions positions() {
        return positions;
    }

    /** Where a feature fires; empty where nowhere. */
    Optional<Firings> of(Node feature) {
        String key = (String) feature.getProperty("key");
        CorpusStore.FeatureActivations activations = positions.activations(session.tx(), feature);
        if (activations == null) {
            return Optional.empty();
        }
        double largest = Arrays.stream(activations.values()).max().orElse(0);
        // Powers of shares of the largest neither overflow nor vanish all.
        double[] weights =
                Arrays.stream(activations.values())
                        .map(value -> Math.pow(value / largest, exponent))
                        .toArray();
        return Firings.of(key, activations.positions(), weights, excluded);
    }
}
