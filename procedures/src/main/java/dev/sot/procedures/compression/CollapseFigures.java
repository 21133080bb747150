package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Figures;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore.SupernodeRecord;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.Attribution;
import dev.sot.transport.circuit.PartitionMass;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.circuit.Scores;
import dev.sot.transport.circuit.SupernodeFigures;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of a collapsed circuit that are stored with it, however its groups were made. */
final class CollapseFigures {

    private CollapseFigures() {}

    /**
     * Properties of the compression: masses, largest cycle, and the scores of the subgraph of its
     * members, which do not depend on how they are grouped.
     */
    static Map<String, Object> ofCompression(
            Session session,
            LoadedCircuit circuit,
            Quotient quotient,
            List<SupernodeRecord> supernodes) {
        session.monitor().check();
        PartitionMass mass = quotient.mass();
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("internalMass", mass.internalMass());
        properties.put("cancelledMass", mass.cancelledMass());
        properties.put("retainedMass", mass.retainedMass());
        properties.put("largestCycle", (long) mass.largestCycle());
        boolean[] members = new boolean[circuit.nodes().size()];
        supernodes.forEach(s -> s.members().forEach(member -> members[member] = true));
        Scores scores =
                Attribution.scores(
                        Attribution.pinned(
                                circuit.graph(), members, circuit.layer(), circuit.position()),
                        session.monitor());
        properties.put("replacementScore", Figures.present(scores.replacement()));
        properties.put("completenessScore", Figures.present(scores.completeness()));
        return properties;
    }

    /** Adds each supernode's influence in the compressed circuit and its shares of the masses. */
    static List<SupernodeRecord> ofSupernodes(
            Session session,
            LoadedCircuit circuit,
            Quotient quotient,
            List<SupernodeRecord> supernodes) {
        int[] rank = new int[circuit.nodes().size()];
        Arrays.fill(rank, -1);
        for (int s = 0; s < supernodes.size(); s++) {
            for (int member : supernodes.get(s).members()) {
                rank[member] = s;
            }
        }
        SupernodeFigures figures =
                SupernodeFigures.of(circuit.graph(), rank, quotient, session.monitor());
        for (int s = 0; s < supernodes.size(); s++) {
            Map<String, Object> properties = supernodes.get(s).properties();
            properties.put("compressedInfluence", Figures.present(figures.influence()[s]));
            properties.put("internalMass", figures.internalMass()[s]);
            properties.put("cancelledMass", figures.cancelledMass()[s]);
        }
        return supernodes;
    }
}
