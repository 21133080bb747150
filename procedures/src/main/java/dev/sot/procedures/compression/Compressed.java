package dev.sot.procedures.compression;

import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.AcyclicCollapse;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.circuit.Superedge;
import dev.sot.transport.cluster.PartitionQuality;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * A computed compression.
 *
 * @param items what was grouped
 * @param space the reference space of the distributions, or of the corpus of the activations, that
 *     were compared; none where neither was
 * @param grouped how the items that have distances were grouped
 * @param supernodes members of each supernode, as indices of the circuit's nodes, in the order of
 *     the supernodes' ranks
 * @param quality quality of the groups in the distance, over items; NaN where no distances were
 *     computed
 * @param quotient superedges, between ranks
 * @param collapse what is left of the superedges without cycles, where that is asked for
 * @param preProcessingMillis spent on loading and distances
 * @param computeMillis spent on grouping
 */
record Compressed(
        ItemSet items,
        Optional<Node> space,
        Grouped grouped,
        List<List<Integer>> supernodes,
        PartitionQuality quality,
        Quotient quotient,
        Optional<AcyclicCollapse> collapse,
        long preProcessingMillis,
        long computeMillis) {

    /** The superedges that are kept. */
    List<Superedge> superedges() {
        return collapse.map(AcyclicCollapse::superedges).orElse(quotient.superedges());
    }

    /** The name of the space. */
    Optional<String> spaceName() {
        return space.map(s -> (String) s.getProperty("name"));
    }

    LoadedCircuit circuit() {
        return items.items().circuit();
    }

    /** Nodes that have no distance and stay by themselves. */
    int nodesWithout() {
        return items.items().nodes(items.without());
    }
}
