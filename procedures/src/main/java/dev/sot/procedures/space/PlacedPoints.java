package dev.sot.procedures.space;

import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.space.Alignment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Places positions, layer by layer where layers have points of their own, and writes the points;
 * keeps those of some held-out positions, by which layers are compared.
 */
final class PlacedPoints {

    /** Held-out positions at most by which layers are compared. */
    static final int JUDGED = 2_000;

    private final Session session;
    private final BatchWriter.Handle space;
    private final SpacePlan plan;
    private final List<SpacePart> parts;
    private final int dimension;
    private final PointWriter points;
    private final Map<Integer, float[]> judged = new TreeMap<>();

    PlacedPoints(
            Session session,
            BatchWriter writer,
            BatchWriter.Handle space,
            SpacePlan plan,
            List<SpacePart> parts,
            int dimension) {
        this.session = session;
        this.space = space;
        this.plan = plan;
        this.parts = parts;
        this.dimension = dimension;
        this.points =
                new PointWriter(writer, space, 0, plan.positions().size(), dimension, excluded());
    }

    private BitSet excluded() {
        BitSet excluded = new BitSet();
        for (int start = 0;
                start < plan.positions().size();
                start += plan.positions().ofCorpora()) {
            for (int c = 0; c < parts.size(); c++) {
                int first = start + plan.positions().starts()[c];
                parts.get(c).excluded().stream().forEach(p -> excluded.set(first + p));
            }
        }
        return excluded;
    }

    /**
     * Places all positions by the states of one layer.
     *
     * @param sample positions of the corpus that the space is fitted on whose points are kept
     */
    void add(int layer, PositionStates states, Placement placement, int[] sample) {
        float[] kept = new float[sample.length * dimension];
        judged.put(layer, kept);
        for (SpacePart part : parts) {
            boolean main = part.corpus().equals(plan.corpus());
            part.vectors(states)
                    .place(
                            placement,
                            dimension,
                            (first, count, projected, offset) -> {
                                points.add(projected, offset, count);
                                int index = main ? Arrays.binarySearch(sample, first) : -1;
                                if (index >= 0) {
                                    System.arraycopy(
                                            projected, offset, kept, index * dimension, dimension);
                                }
                            });
        }
    }

    /**
     * Writes how well positions keep their places when they are seen through another layer; nothing
     * where none were kept.
     *
     * @param penalties of the layers that have one
     */
    void judge(LinearAlgebra algebra, int concurrency, Map<Integer, Double> penalties) {
        float[] reference = judged.get(plan.reference());
        if (reference.length < 2 * dimension) {
            return;
        }
        List<Alignment> alignments =
                judged.values().stream()
                        .map(
                                mapped ->
                                        Alignment.of(
                                                reference,
                                                mapped,
                                                dimension,
                                                algebra,
                                                concurrency,
                                                session.monitor()))
                        .toList();
        space.node().setProperty("heldOutPositions", reference.length / dimension);
        space.node()
                .setProperty("heldOutR2", alignments.stream().mapToDouble(Alignment::r2).toArray());
        space.node()
                .setProperty(
                        "heldOutRetrieval",
                        alignments.stream().mapToDouble(Alignment::retrieval).toArray());
        if (!penalties.isEmpty()) {
            // The reference layer is not mapped.
            space.node()
                    .setProperty(
                            "penalties",
                            judged.keySet().stream()
                                    .mapToDouble(layer -> penalties.getOrDefault(layer, 0.0))
                                    .toArray());
        }
    }
}
