package dev.sot.procedures.compression;

import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.cluster.PartitionQuality;
import java.util.List;

/**
 * A computed compression.
 *
 * @param circuit the circuit
 * @param nodes distances among its feature nodes
 * @param groups members of each supernode, as indices of the circuit's nodes, in the order of the
 *     supernodes' ranks
 * @param featureGroups number of groups that the clustered nodes fall into
 * @param quality quality of these groups in the distance
 * @param quotient superedges, between ranks
 * @param preProcessingMillis spent on loading and distances
 * @param computeMillis spent on grouping
 */
record Compressed(
        LoadedCircuit circuit,
        NodeDistances nodes,
        List<List<Integer>> groups,
        int featureGroups,
        PartitionQuality quality,
        Quotient quotient,
        long preProcessingMillis,
        long computeMillis) {}
