package dev.sot.procedures.space;

import dev.sot.procedures.runtime.Session;
import org.neo4j.graphdb.Node;

/** How long the states of a layer are, by which attention sinks are told. */
public final class StateNorms {

    private StateNorms() {}

    /** The Euclidean norm of the state at each position of a corpus. */
    public static double[] of(Session session, Node corpus, int layer) {
        PositionStates states = PositionStates.of(session, corpus, layer);
        double[] norms = new double[states.positions()];
        int width = states.width();
        states.forEach(
                "finding excluded positions",
                (position, values, offset) -> {
                    double sum = 0;
                    for (int k = 0; k < width; k++) {
                        double value = values[offset + k];
                        sum += value * value;
                    }
                    norms[position] = Math.sqrt(sum);
                });
        return norms;
    }
}
