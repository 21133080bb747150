package dev.sot.procedures.distance;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.GroundCost;
import java.util.Arrays;

/** Ground costs by the names that they have in configurations and in the database. */
public final class GroundCosts {

    private GroundCosts() {}

    /** Reads one of the allowed ground costs; the first is the default. */
    public static GroundCost read(Configuration c, String key, GroundCost... allowed) {
        String[] names = Arrays.stream(allowed).map(GroundCosts::name).toArray(String[]::new);
        return named(c.oneOf(key, names[0], names));
    }

    /** The ground cost of that name. */
    public static GroundCost named(String name) {
        return Arrays.stream(GroundCost.values())
                .filter(cost -> name(cost).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no ground cost " + name));
    }

    /** The name of a ground cost. */
    public static String name(GroundCost cost) {
        return switch (cost) {
            case EUCLIDEAN -> "euclidean";
            case SQUARED_EUCLIDEAN -> "squaredEuclidean";
            case COSINE -> "cosine";
            case ZERO_ONE -> "zeroOne";
        };
    }
}
