package dev.sot.transport.search;

import java.util.Arrays;

/**
 * The neighbours of one source, ascending by distance, equal distances by target.
 *
 * @param targets indices of the targets; the rank of {@code targets[i]} is {@code i + 1}
 * @param distances their exact distances
 * @param proved whether no other target belongs here; false only where the budget ran out
 * @param remaining a lower bound on the distance of every target whose exact distance was not
 *     computed, whether proved or not; infinite if there is none
 */
public record Neighbours(int[] targets, double[] distances, boolean proved, double remaining) {

    /** The number of neighbours. */
    public int size() {
        return targets.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Neighbours that
                && Arrays.equals(targets, that.targets)
                && Arrays.equals(distances, that.distances)
                && proved == that.proved
                && remaining == that.remaining;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(targets) + Arrays.hashCode(distances);
    }

    @Override
    public String toString() {
        return "Neighbours[targets="
                + Arrays.toString(targets)
                + ", distances="
                + Arrays.toString(distances)
                + ", proved="
                + proved
                + ", remaining="
                + remaining
                + "]";
    }
}
