package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import dev.sot.transport.space.AffineMap;
import dev.sot.transport.space.ProcrustesMap;
import dev.sot.transport.space.RidgeMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fits the maps of layers to a reference layer, on the positions of the prompts that are not held
 * out.
 */
final class LayerMaps {

    /** Reference states that are projected by one product. */
    private static final int TOGETHER = 512;

    private final Session session;
    private final SpaceFitConfig config;
    private final SpacePart part;
    private final HeldOut heldOut;
    private final int reference;
    private final PrincipalSpace space;
    private final LinearAlgebra algebra;
    private final Map<Integer, Double> penalties = new TreeMap<>();

    /**
     * Maps to a space of a reference layer.
     *
     * @param part the corpus to fit them on
     * @param reference the reference layer
     * @param space fitted on its states
     */
    LayerMaps(
            Session session,
            SpaceFitConfig config,
            SpacePart part,
            HeldOut heldOut,
            int reference,
            PrincipalSpace space,
            LinearAlgebra algebra) {
        this.session = session;
        this.config = config;
        this.part = part;
        this.heldOut = heldOut;
        this.reference = reference;
        this.space = space;
        this.algebra = algebra;
    }

    /** The penalties that maps were fitted with, by layer. */
    Map<Integer, Double> penalties() {
        return penalties;
    }

    /** How the vectors of a layer become points. */
    Placement of(int layer) {
        Placement projection =
                (vectors, count) ->
                        space.project(
                                vectors, count, algebra, config.concurrency(), session.monitor());
        if (layer == reference || config.method() == SpaceMethod.LOGIT_LENS) {
            return projection;
        }
        boolean ridge = config.method() == SpaceMethod.RIDGE;
        PositionStates pairs =
                PositionStates.joined(session, part.corpus(), List.of(layer, reference));
        int inputs = pairs.width() - space.inputDimension();
        int width = inputs + (ridge ? space.dimension() : space.inputDimension());
        try (Heap heap = session.heap()) {
            // The moments, and what is solved: copies of the scatter and its factors.
            heap.take(2 * Moments.bytes(width) + 5L * Double.BYTES * inputs * inputs);
            Moments fitted = moments(width);
            Moments choosing = moments(width);
            read(
                    layer,
                    pairs,
                    inputs,
                    ridge ? Optional.of(projection) : Optional.empty(),
                    fitted,
                    choosing);
            AffineMap map =
                    ridge
                            ? ridge(layer, fitted, choosing, inputs)
                            : ProcrustesMap.of(
                                    all(fitted, choosing),
                                    inputs,
                                    space,
                                    algebra,
                                    config.concurrency(),
                                    session.monitor());
            return (vectors, count) ->
                    map.apply(vectors, count, algebra, config.concurrency(), session.monitor());
        }
    }

    private AffineMap ridge(int layer, Moments fitted, Moments choosing, int inputs) {
        if (config.penalty().isEmpty() && choosing.count() == 0) {
            throw new ConfigurationException(
                    "sot.space.fit: the corpus has too few prompts to choose a penalty by some of"
                            + " them; give {penalty: ...}, such as 0.01");
        }
        RidgeMap map =
                config.penalty().isPresent()
                        ? RidgeMap.of(
                                all(fitted, choosing),
                                inputs,
                                config.penalty().get(),
                                algebra,
                                config.concurrency(),
                                session.monitor())
                        : RidgeMap.chosen(
                                fitted,
                                choosing,
                                inputs,
                                algebra,
                                config.concurrency(),
                                session.monitor());
        penalties.put(layer, map.penalty());
        return map.map();
    }

    private Moments moments(int width) {
        return new Moments(width, algebra, config.concurrency(), session.monitor());
    }

    private static Moments all(Moments fitted, Moments choosing) {
        fitted.add(choosing);
        return fitted;
    }

    /**
     * Reads the pairs of states.
     *
     * @param projection where pairs are of a state and a point, what makes a point of a reference
     *     state
     */
    private void read(
            int layer,
            PositionStates pairs,
            int inputs,
            Optional<Placement> projection,
            Moments fitted,
            Moments choosing) {
        int outputs = space.inputDimension();
        int points = space.dimension();
        float[] states = new float[TOGETHER * inputs];
        float[] references = new float[TOGETHER * outputs];
        int[] positions = new int[TOGETHER];
        float[] row = new float[inputs + points];
        int[] waiting = {0};
        pairs.forEach(
                "mapping layer " + layer,
                (position, values, offset) -> {
                    boolean used =
                            !part.excluded().get(position) && !heldOut.judged().get(position);
                    if (used && projection.isEmpty()) {
                        (heldOut.choosing().get(position) ? choosing : fitted).add(values, offset);
                    } else if (used) {
                        System.arraycopy(values, offset, states, waiting[0] * inputs, inputs);
                        System.arraycopy(
                                values, offset + inputs, references, waiting[0] * outputs, outputs);
                        positions[waiting[0]++] = position;
                    }
                    if (waiting[0] == TOGETHER || position == pairs.positions() - 1) {
                        float[] projected =
                                waiting[0] == 0
                                        ? new float[0]
                                        : projection.get().place(references, waiting[0]);
                        for (int i = 0; i < waiting[0]; i++) {
                            System.arraycopy(states, i * inputs, row, 0, inputs);
                            System.arraycopy(projected, i * points, row, inputs, points);
                            (heldOut.choosing().get(positions[i]) ? choosing : fitted).add(row, 0);
                        }
                        waiting[0] = 0;
                    }
                });
    }
}
