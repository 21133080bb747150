package dev.sot.procedures.compare;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.Membership;
import dev.sot.transport.cluster.ProfileSimilarity;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/**
 * Compares the circuits of a joint compression by its feature supernodes: which circuits have
 * members in each, and which share of their features' influence is theirs.
 */
final class CompareCircuits {

    private final List<Node> circuits;
    private final List<Node> supernodes;

    /** By circuit, then by supernode. */
    private final int[][] members;

    private final double[][] influence;

    CompareCircuits(Session session, String id) {
        Node compression = CompressionStore.require(session.tx(), id);
        this.circuits = CompressionStore.circuits(compression);
        if (circuits.size() < 2) {
            throw new ConfigurationException(
                    "sot.compare.circuits: compression '"
                            + compression.getProperty("id")
                            + "' is one of "
                            + (circuits.isEmpty() ? "a graph of your own" : "a single circuit")
                            + "; compress several together, as in CALL sot.compress(['a', 'b'])");
        }
        this.supernodes =
                CompressionStore.supernodes(compression).stream()
                        .filter(s -> "feature".equals(s.getProperty("kind")))
                        .toList();
        this.members = new int[circuits.size()][supernodes.size()];
        this.influence = new double[circuits.size()][supernodes.size()];
        Map<Node, Integer> places = new HashMap<>();
        circuits.forEach(c -> places.put(c, places.size()));
        for (int s = 0; s < supernodes.size(); s++) {
            session.monitor().check();
            for (Membership membership : CompressionStore.memberships(supernodes.get(s))) {
                if (membership.kind() == CircuitNodeKind.FEATURE) {
                    int circuit = places.get(CircuitStore.circuit(membership.node()));
                    members[circuit][s]++;
                    influence[circuit][s] += membership.influence();
                }
            }
        }
        for (double[] profile : influence) {
            double total = Arrays.stream(profile).sum();
            if (total > 0) {
                Arrays.setAll(profile, s -> profile[s] / total);
            }
        }
    }

    /** Every pair of circuits, in the order of their slugs. */
    Stream<CircuitPairRow> pairs() {
        return IntStream.range(0, circuits.size())
                .boxed()
                .flatMap(
                        a ->
                                IntStream.range(a + 1, circuits.size())
                                        .mapToObj(
                                                b ->
                                                        new CircuitPairRow(
                                                                CircuitStore.slug(circuits.get(a)),
                                                                CircuitStore.slug(circuits.get(b)),
                                                                members[a],
                                                                members[b],
                                                                ProfileSimilarity.of(
                                                                        influence[a],
                                                                        influence[b]))));
    }

    /** Every supernode in every circuit, by rank, then slug. */
    Stream<CircuitSupernodeRow> rows() {
        return IntStream.range(0, supernodes.size())
                .boxed()
                .flatMap(
                        s ->
                                IntStream.range(0, circuits.size())
                                        .mapToObj(
                                                c ->
                                                        new CircuitSupernodeRow(
                                                                supernodes.get(s),
                                                                CircuitStore.slug(circuits.get(c)),
                                                                members[c][s],
                                                                influence[c][s])));
    }
}
